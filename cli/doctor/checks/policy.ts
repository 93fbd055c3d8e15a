import { commandName } from '#core/command-name.ts';
import { problemLine } from '#core/policy/problem.ts';
import type { ReadPolicy } from '#core/policy/read.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

/** Whether the access policy can be used; `daypass policy validate` shows all that is wrong. */
export const judgePolicy = (file: string, read: ReadPolicy): Verdict => {
  const todo = `\`${commandName} policy validate ${file}\` shows everything, with what to do.`;
  const [first, ...others] = read.ok ? read.warnings : read.problems;
  if (!first) return ok(`${file} is valid.`);
  const more = others.length === 0 ? '' : ` There ${others.length === 1 ? 'is' : 'are'} ${others.length} more.`;
  const found = `${file}, ${problemLine(first)}${more}`;
  if (read.ok) return warning(found, todo);
  return failure(found, `${todo} Channels, accounts and roles were not looked at.`);
};

/** Whether the policy in force is this one. */
export const judgeDeployed = (digest: string, deployed: string | undefined): Verdict => {
  if (deployed === digest) return ok('The policy in force is this one.');
  return deployed === undefined
    ? warning('The API does not say which policy is in force.', 'Update Daypass; its API tells the digest.')
    : warning(
        `Another policy is in force: ${deployed.slice(0, 12)}, and here is ${digest.slice(0, 12)}.`,
        'Deploy the one from here, or look at the one that was deployed with --policy.',
      );
};
