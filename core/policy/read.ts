import { policyDocument } from './document.ts';
import { type Located, problemsOf } from './issues.ts';
import type { Policy } from './policy.ts';
import type { PolicyProblem } from './problem.ts';
import { referenceProblems, referenceWarnings } from './references.ts';
import { resolve } from './resolve.ts';
import { readSource } from './source-text.ts';

export type ReadPolicy =
  | { ok: true; policy: Policy; warnings: readonly PolicyProblem[] }
  /** In the order of the lines, all that could be found at once. Never empty. */
  | { ok: false; problems: readonly PolicyProblem[] };

/**
 * Reads `access.yaml`. Does not throw, whatever the text. Names are only looked up once the shape is right, because
 * what a misshapen section would have declared is not known.
 */
export const readPolicy = (yamlText: string): ReadPolicy => {
  const source = readSource(yamlText);
  if (!source.ok) return source;
  const placed = ({ path, message, hint, beside }: Located): PolicyProblem => ({
    path: path.join('.'),
    line: source.lineOf(path),
    message: beside === undefined ? message : `${message} (${beside.what}: line ${source.lineOf(beside.path)}.)`,
    hint,
  });
  if (source.value === null || source.value === undefined) return { ok: false, problems: [empty, ...source.problems] };
  const shaped = policyDocument.safeParse(source.value);
  const found = shaped.success ? referenceProblems(shaped.data) : problemsOf(shaped.error.issues, source.value);
  const problems = [...source.problems, ...found.map(placed)];
  if (!shaped.success || problems.length > 0) return { ok: false, problems: problems.sort((a, b) => a.line - b.line) };
  return { ok: true, policy: resolve(shaped.data), warnings: referenceWarnings(shaped.data).map(placed) };
};

const empty: PolicyProblem = {
  path: '',
  line: 1,
  message: 'The file is empty.',
  hint: 'Start from the access.yaml that came with Daypass.',
};
