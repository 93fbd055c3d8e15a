import { expressionIn } from './expression.ts';

/** An object of a definition that has not been checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Where a check stands: the path for messages, and the states that a transition may name. */
export type Place = {
  where: string;
  /** Variables of the scopes around this one, which an Assign here must not shadow. */
  outerVariables: ReadonlySet<string>;
  target(name: unknown, where: string): string[];
};

const jsonPathFields = new Set(
  'InputPath OutputPath ResultPath Parameters ResultSelector Result ItemsPath SecondsPath TimestampPath TimeoutSecondsPath HeartbeatSecondsPath ErrorPath CausePath MaxConcurrencyPath Variable'.split(
    ' ',
  ),
);

/** Names each field that is not among `known` (separated by spaces). */
export const unknownFields = (fields: Fields, known: string, where: string): string[] => {
  const names = new Set(known.split(' '));
  return Object.keys(fields)
    .filter((field) => !names.has(field))
    .map((field) =>
      jsonPathFields.has(field)
        ? `${where}.${field} belongs to JSONPath; only JSONata is implemented.`
        : `${where}.${field} is not implemented by the embedded Step Functions.`,
    );
};

/** A field that, where present, is a whole number of at least `least`. */
export const wholeNumber = (fields: Fields, field: string, least: number, where: string): string[] => {
  const value = fields[field];
  if (value === undefined) return [];
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 99_999_999
    ? []
    : [`${where}.${field} must be a whole number from ${least} to 99999999.`];
};

/** The same, where an expression may stand instead of the number. */
export const countOrExpression = (fields: Fields, field: string, least: number, where: string): string[] => {
  const value = fields[field];
  return typeof value === 'string' && expressionIn(value) !== undefined ? [] : wholeNumber(fields, field, least, where);
};
