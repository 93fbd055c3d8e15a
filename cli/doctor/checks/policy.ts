import { commandName } from '#core/command-name.ts';
import { problemLine } from '#core/policy/problem.ts';
import type { ReadPolicy } from '#core/policy/read.ts';
import type { Health } from '../facts/http.ts';
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

type InForce = Pick<Health, 'policyDigest' | 'policyUnreadableSince'>;

/** Whether the policy in force is this one, and the one that is meant to be. */
export const judgeDeployed = (
  digest: string | undefined,
  { policyDigest: deployed, policyUnreadableSince: since }: InForce,
): Verdict => {
  if (since !== undefined) {
    return failure(
      `Since ${since} the policy that is written there cannot be read, so ${deployed?.slice(0, 12)} is still in force: whoever was removed since then may still ask and approve.`,
      `Correct that file: \`${commandName} policy validate\` shows what is wrong. Until then lock down whom you removed.`,
    );
  }
  if (deployed === digest) return ok('The policy in force is this one.');
  return deployed === undefined
    ? warning('The API does not say which policy is in force.', 'Update Daypass; its API tells the digest.')
    : failure(
        `Another policy is in force: ${deployed.slice(0, 12)}, and here is ${digest?.slice(0, 12)}. Whoever was removed here may still ask and approve there.`,
        'Package and deploy the one from here, or look at the one that was deployed with --policy.',
      );
};
