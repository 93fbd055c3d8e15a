import { type PolicyDocument, policyDocument } from './document.ts';
import { type Located, problemsOf } from './issues.ts';
import type { Policy } from './policy.ts';
import type { PolicyProblem } from './problem.ts';
import { groupReferences, referenceProblems } from './references.ts';
import { resolve } from './resolve.ts';
import { type Path, readSource } from './source-text.ts';

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
  const placed = (problem: Located): PolicyProblem => ({
    ...problem,
    path: problem.path.join('.'),
    line: source.lineOf(problem.path),
  });
  if (source.value === null || source.value === undefined) return { ok: false, problems: [empty, ...source.problems] };
  const shaped = policyDocument.safeParse(source.value);
  const found = shaped.success ? referenceProblems(shaped.data) : problemsOf(shaped.error.issues, source.value);
  const problems = [...source.problems, ...found.map(placed)];
  if (!shaped.success || problems.length > 0) return { ok: false, problems: problems.sort((a, b) => a.line - b.line) };
  return { ok: true, policy: resolve(shaped.data), warnings: warningsOf(shaped.data).map(placed) };
};

const empty: PolicyProblem = {
  path: '',
  line: 1,
  message: 'The file is empty.',
  hint: 'Start from the access.yaml that came with Daypass.',
};

const warningsOf = (document: PolicyDocument): Located[] => {
  const used = new Set(groupReferences(document).map(({ group }) => group));
  const unused = Object.keys(document.groups).filter((group) => !used.has(group));
  const unaskable = Object.entries(document.entitlements).filter(([, { mayAsk }]) =>
    mayAsk.every((group) => document.groups[group]?.length === 0),
  );
  return [
    ...unused.map((group) =>
      warning(['groups', group], `No rule names the group ${group}.`, 'Remove it, or name it in a rule.'),
    ),
    ...unaskable.map(([id]) =>
      warning(['entitlements', id, 'mayAsk'], `Nobody may ask for ${id}.`, 'Name a group that has people.'),
    ),
  ];
};

const warning = (path: Path, message: string, hint: string): Located => ({ path, message, hint });
