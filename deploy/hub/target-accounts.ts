import { problemLine } from '#core/policy/problem.ts';
import { readPolicy } from '#core/policy/read.ts';

/** The ids of the accounts other than the hub in an access policy. Throws an Error with every problem that the policy has. */
export const targetAccountIds = (policyText: string): string[] => {
  const read = readPolicy(policyText);
  if (!read.ok) {
    throw new Error(`access.yaml cannot be deployed:\n${read.problems.map(problemLine).join('\n')}\nCorrect it first.`);
  }
  return read.policy.accounts.filter(({ externalId }) => externalId !== undefined).map(({ id }) => id);
};
