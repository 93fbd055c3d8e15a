import type { Policy } from '#core/policy/policy.ts';
import type { PolicyProblem } from '#core/policy/problem.ts';
import { type Context, plain } from '../context.ts';
import { exits } from '../failure.ts';
import { readPolicyFile, usualPolicyFile } from '../policy-file.ts';

/** `1 problem`, `2 problems`. */
const many = (count: number, what: string, plural = `${what}s`): string => `${count} ${count === 1 ? what : plural}`;

const countsOf = ({ accounts, people, groups, entitlements }: Policy) => ({
  accounts: accounts.length,
  people: people.length,
  groups: Object.keys(groups).length,
  entitlements: entitlements.length,
});

const block = (file: string, kind: 'error' | 'warning', { path, line, message, hint }: PolicyProblem): string[] => [
  `${plain(file)}:${line}  ${kind}${path === '' ? '' : `  ${plain(path)}`}`,
  `  ${plain(message)}`,
  ...(hint === '' ? [] : [`  ${plain(hint)}`]),
  '',
];

/** Ends with 0 where the policy can be used, whatever the warnings, and with 1 where it cannot. */
export const run = async (
  context: Context,
  file: string = usualPolicyFile,
  finish: (code: number) => void = () => undefined,
): Promise<void> => {
  const read = await readPolicyFile(file);
  const { print, json } = context;
  if (read.ok) {
    const { policy, warnings } = read;
    const counts = countsOf(policy);
    const data = { file, digest: policy.digest, counts, problems: [], warnings };
    if (json) return print(JSON.stringify({ ok: true, data }));
    for (const line of warnings.flatMap((warning) => block(file, 'warning', warning))) print(line);
    const verdict = warnings.length === 0 ? 'is valid' : `is valid, with ${many(warnings.length, 'warning')}`;
    const holds = [
      many(counts.accounts, 'account'),
      many(counts.people, 'person', 'people'),
      many(counts.groups, 'group'),
      many(counts.entitlements, 'entitlement'),
    ].join(', ');
    print(`${plain(file)} ${verdict}: ${holds}. Digest ${policy.digest.slice(0, 12)}.`);
    return;
  }
  const { problems } = read;
  finish(exits.unexpected);
  const message = `${file} cannot be used: it has ${many(problems.length, 'problem')}.`;
  const hint = 'A file with problems is refused as a whole, and what was in force stays in force.';
  const data = { file, problems, warnings: [] };
  if (json) return print(JSON.stringify({ ok: false, error: { code: 'policy-invalid', message, hint }, data }));
  for (const line of problems.flatMap((problem) => block(file, 'error', problem))) print(line);
  print(`${plain(message)} ${hint}`);
};
