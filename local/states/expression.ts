import jsonata from 'jsonata';
import type { Entropy } from './entropy.ts';
import { jsonataExtras } from './functions.ts';
import { errorNames, StateError } from './state-error.ts';

/**
 * An expression that runs longer, recurses deeper or builds a longer sequence fails its state, so none can hang the
 * process.
 */
const guards = { timeout: 1000, stack: 500, sequence: 100_000 };

/** The JSONata inside `{% … %}`, or nothing where the text is a literal. */
export const expressionIn = (text: string): string | undefined =>
  text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2) : undefined;

const compiled = new Map<string, jsonata.Expression>();

/** Throws what the JSONata parser throws. Compiled once per text: definitions are few, evaluations many. */
export const compile = (source: string): jsonata.Expression => {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source, guards);
  if (compiled.size > 5000) compiled.clear();
  compiled.set(source, expression);
  return expression;
};

/** What an expression of a state can read. */
export type Visible = {
  states: Readonly<{ input: unknown; context: unknown; result?: unknown; errorOutput?: unknown }>;
  variables: Readonly<Record<string, unknown>>;
  nowMs: number;
  entropy: Entropy;
};

const failed = (field: string, source: string, why: string): StateError =>
  new StateError(
    errorNames.queryEvaluation,
    `The JSONata expression '${source.trim()}' of the field '${field}' ${why}`,
    field,
  );

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

/** The value as plain JSON. Throws where JSON has no word for it: a function, a non-finite number. */
const plain = (value: unknown): unknown => {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'function' || (typeof inner === 'object' && inner !== null && '_jsonata_lambda' in inner)) {
      throw new Error('gave a function, which is not JSON.');
    }
    if (typeof inner === 'number' && !Number.isFinite(inner)) throw new Error('gave a number that is not JSON.');
    return inner;
  });
  return JSON.parse(text);
};

const evaluateSource = async (source: string, visible: Visible, field: string): Promise<unknown> => {
  let value: unknown;
  try {
    value = await compile(source).evaluate(undefined, {
      ...jsonataExtras(visible.nowMs, visible.entropy),
      ...visible.variables,
      states: visible.states,
    });
  } catch (error) {
    throw failed(field, source, `failed: ${messageOf(error)}`);
  }
  if (value === undefined) throw failed(field, source, 'returned nothing (undefined).');
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  try {
    return plain(value);
  } catch (error) {
    throw failed(field, source, messageOf(error));
  }
};

/**
 * A field's value with every `{% … %}` in it evaluated. Throws `States.QueryEvaluationError`, also for an expression
 * that gives nothing.
 */
export const evaluate = async (template: unknown, visible: Visible, field: string): Promise<unknown> => {
  if (typeof template === 'string') {
    const source = expressionIn(template);
    return source === undefined ? template : evaluateSource(source, visible, field);
  }
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const [at, item] of template.entries()) items.push(await evaluate(item, visible, `${field}[${at}]`));
    return items;
  }
  if (typeof template === 'object' && template !== null) {
    const members: [string, unknown][] = [];
    for (const [key, item] of Object.entries(template)) {
      members.push([key, await evaluate(item, visible, `${field}.${key}`)]);
    }
    return Object.fromEntries(members);
  }
  return template;
};

/** A field that must give a whole number of seconds (or items) between `least` and `most`. */
export const evaluateCount = async (
  template: unknown,
  visible: Visible,
  field: string,
  least: number,
  most = 99_999_999,
): Promise<number> => {
  const value = await evaluate(template, visible, field);
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StateError(
    errorNames.queryEvaluation,
    `The field '${field}' must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}.`,
    field,
  );
};
