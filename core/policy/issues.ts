import type * as z from 'zod/mini';
import { closestTo } from './did-you-mean.ts';
import { policySchema } from './json-schema.ts';
import type { PolicyProblem } from './problem.ts';
import type { Path } from './source-text.ts';

type Issue = z.core.$ZodIssue;
export type Located = Omit<PolicyProblem, 'line' | 'path'> & {
  path: Path;
  /** Another place that belongs to it; its line is told too. */
  beside?: { what: string; path: Path };
};

/** Enough to work on; a file with more is not a policy. */
const mostProblems = 100;

/**
 * What the schema found, as sentences, the first hundred. A misspelt key is named once, although it is both unknown
 * and missing.
 */
export const problemsOf = (issues: readonly Issue[], value: unknown): readonly Located[] => {
  const problems = issues.slice(0, mostProblems).flatMap((issue) => explain(issue, [], value));
  const meant = new Set(
    problems.flatMap(({ instead, path }) => (instead === undefined ? [] : [[...path.slice(0, -1), instead].join('.')])),
  );
  return problems
    .filter((problem) => !(problem.missing && meant.has(problem.path.join('.'))))
    .slice(0, mostProblems)
    .map(({ path, message, hint }) => ({ path, message, hint }));
};

type Explained = Located & { instead?: string; missing?: boolean };

const explain = (issue: Issue, above: Path, value: unknown): Explained[] => {
  const path: Path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.slice(0, mostProblems).map((key) => unknownKey(key, path, known));
  }
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => ({ path, ...sentence(inner.message) }));
  const found = valueAt(value, path);
  if (found === undefined || found === null) return [missing(path, found)];
  if (issue.code === 'invalid_union') {
    const near = issue.errors.find(
      (branch) =>
        branch.length > 0 &&
        branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys' || isOfType(inner)),
    );
    return near === undefined
      ? [{ path, ...sentence(issue.message) }]
      : near.flatMap((inner) => explain(inner, path, value));
  }
  if (issue.code === 'invalid_type' && issue.message === 'Invalid input')
    return [{ path, ...wrongType(issue.expected) }];
  return [{ path, ...sentence(issue.message) }];
};

/** The value was of the right type, so this branch of a union is the one that was meant. */
const isOfType = (issue: Issue): boolean => issue.code !== 'invalid_type' && issue.code !== 'invalid_value';

const sentence = (text: string): { message: string; hint: string } => {
  const [message = '', hint = ''] = text.split('\n');
  return { message, hint };
};

const missing = (path: Path, found: undefined | null): Explained =>
  found === null
    ? { path, message: 'There is nothing here.', hint: 'Fill it in, or remove the key if it may be left out.' }
    : {
        path,
        message: `${String(path.at(-1) ?? 'The policy')} is missing.`,
        hint: `Add it${path.length > 1 ? ` under ${path.slice(0, -1).join('.')}` : ''}.`,
        missing: true,
      };

const wrongType = (expected: string): { message: string; hint: string } =>
  expected === 'object' || expected === 'record'
    ? {
        message: 'This must be a section with keys of its own.',
        hint: 'Write one `key: value` on each line, indented.',
      }
    : { message: `This must be a ${expected}.`, hint: '' };

const unknownKey = (key: string, above: Path, known: readonly string[]): Explained => {
  const instead = closestTo(key, known);
  const what = { path: [...above, key], message: `There is no setting ${key} here.` };
  return instead === undefined
    ? { ...what, hint: known.length > 0 ? `Known here: ${known.join(', ')}.` : '' }
    : { ...what, hint: `Did you mean ${instead}?`, instead };
};

type Schema = Readonly<Record<string, unknown>>;
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

/** The keys that the schema knows at a place. */
const keysAt = (path: Path): readonly string[] => {
  let at: Schema[] = [policySchema()];
  for (const step of path) at = at.flatMap(branches).flatMap((schema) => [member(schema, step)].filter(isSchema));
  return at.flatMap(branches).flatMap((schema) => (isSchema(schema.properties) ? Object.keys(schema.properties) : []));
};

const branches = (schema: Schema): Schema[] => (Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [schema]);

const member = (schema: Schema, step: string | number): unknown => {
  if (typeof step === 'number') return schema.items;
  if (isSchema(schema.properties) && Object.hasOwn(schema.properties, step)) return schema.properties[step];
  return schema.additionalProperties;
};

const valueAt = (value: unknown, path: Path): unknown => {
  let at = value;
  for (const step of path) at = isSchema(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  return at;
};
