import { hubRegionOf, type Policy } from '#core/policy/policy.ts';
import { problemLine } from '#core/policy/problem.ts';
import { readPolicy } from '#core/policy/read.ts';

/** What a deployment takes from the access policy beside the policy itself. */
export type DeployedPolicy = {
  policy: Policy;
  /** Where the hub is. */
  region: string;
  /** The accounts that may forward events to it. */
  targetAccountIds: readonly string[];
};

/** Reads `access.yaml` for a deployment. Throws an Error with every problem that the policy has. */
export const deployedPolicy = (policyText: string): DeployedPolicy => {
  const read = readPolicy(policyText);
  if (!read.ok) {
    throw new Error(
      `access.yaml cannot be deployed:\n${read.problems.map((problem) => `  ${problemLine(problem)}`).join('\n')}\nCorrect it first.`,
    );
  }
  const { policy } = read;
  if (policy.accounts.some(({ broker }) => broker !== undefined)) {
    throw new Error(
      'access.yaml names a broker, so it is for a single node: the functions of a deployment would be strangers to its detector. Leave the broker out to deploy.',
    );
  }
  const targets = policy.accounts.filter(({ externalId }) => externalId !== undefined);
  return { policy, region: hubRegionOf(policy), targetAccountIds: targets.map(({ id }) => id) };
};
