import { type Operator, operators, parseValue } from './condition-operators.ts';
import { malformed } from './malformed.ts';
import type { Context, Template } from './match.ts';

type Quantifier = 'ForAllValues' | 'ForAnyValue';

/** One line of a `Condition` block: operator, key and values. All lines must hold. */
export type Condition =
  | { kind: 'null'; key: string; absent: boolean }
  | {
      kind: 'compare';
      key: string;
      operator: Operator;
      ifExists: boolean;
      quantifier?: Quantifier;
      values: readonly Template[];
    };

const keyPattern = /^[A-Za-z0-9-]+:[^\s].*$/;

const textsOf = (value: unknown, at: string): string[] => {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item: unknown) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw malformed(`Syntax errors in policy: ${at} must be a string or a list of strings.`);
  });
};

const parseNull = (key: string, texts: readonly string[]): Condition => {
  const [text, ...more] = texts;
  if (more.length > 0 || (text !== 'true' && text !== 'false')) {
    throw malformed(`Syntax errors in policy: the condition Null on ${key} takes "true" or "false".`);
  }
  return { kind: 'null', key: key.toLowerCase(), absent: text === 'true' };
};

const splitName = (name: string): { quantifier?: Quantifier; base: string; ifExists: boolean } => {
  const found = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name);
  const quantifier = found?.[1] as Quantifier | undefined;
  return { ...(quantifier ? { quantifier } : {}), base: found?.[2] ?? name, ifExists: found?.[3] !== undefined };
};

const parseLine = (name: string, key: string, value: unknown, withVariables: boolean): Condition => {
  if (!keyPattern.test(key)) throw malformed(`Condition key ${key} must be prefaced by a vendor, e.g., aws, sts, iam.`);
  const texts = textsOf(value, `the condition ${name} on ${key}`);
  const { quantifier, base, ifExists } = splitName(name);
  if (base === 'Null' && !ifExists && !quantifier) return parseNull(key, texts);
  const operator = operators.get(base);
  if (!operator) throw malformed(`Invalid Condition type : ${name}`);
  for (const text of texts) {
    if (!operator.accepts(text))
      throw malformed(`Syntax errors in policy: ${name} on ${key} cannot compare with "${text}".`);
  }
  return {
    kind: 'compare',
    key: key.toLowerCase(),
    operator,
    ifExists,
    ...(quantifier ? { quantifier } : {}),
    values: texts.map((text) => parseValue(operator, text, withVariables)),
  };
};

/** Reads a `Condition` element. Throws `MalformedPolicyDocument` for an operator that IAM does not have. */
export const parseConditions = (block: unknown, withVariables: boolean): Condition[] => {
  if (block === undefined) return [];
  if (typeof block !== 'object' || block === null || Array.isArray(block)) {
    throw malformed('Syntax errors in policy: Condition must be an object.');
  }
  return Object.entries(block).flatMap(([name, keys]: [string, unknown]) => {
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) {
      throw malformed(`Syntax errors in policy: the condition ${name} must be an object of keys.`);
    }
    return Object.entries(keys).map(([key, value]) => parseLine(name, key, value, withVariables));
  });
};

/**
 * Whether one line holds. A missing key makes a positive operator false and a negated one true; `IfExists` and
 * `ForAllValues` are true then, `ForAnyValue` is false.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export const holds = (condition: Condition, context: Context): boolean => {
  const have = context.get(condition.key);
  const present = have !== undefined && have.length > 0;
  if (condition.kind === 'null') return condition.absent === !present;
  const { operator, quantifier, values } = condition;
  const fitsOne = (value: string): boolean => values.some((want) => operator.fits(want, value, context));
  if (!present) {
    if (condition.ifExists || quantifier === 'ForAllValues') return true;
    return quantifier === undefined && operator.negated;
  }
  if (quantifier === 'ForAllValues') return have.every((value) => fitsOne(value) !== operator.negated);
  if (quantifier === 'ForAnyValue') return have.some((value) => fitsOne(value) !== operator.negated);
  return have.some(fitsOne) !== operator.negated;
};
