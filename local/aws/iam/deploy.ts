import { roleArnOf } from '#core/aws-role.ts';
import { bindTrust } from './documents.ts';
import { newId } from './ids.ts';
import { type ManagedPolicySeed, managedArn, putManaged, putPolicies, type RoleSeed, roleFrom } from './seed.ts';
import type { IamStores } from './stores.ts';

/** What a template describes in IAM. */
export type StackSeed = { managedPolicies: readonly ManagedPolicySeed[]; roles: readonly RoleSeed[] };

const putRole = (stores: IamStores, seed: RoleSeed): void => {
  const present = stores.principals.role(seed.accountId, seed.roleName);
  const id = present?.id ?? newId('AROA', stores.random);
  const role = roleFrom(stores, seed, id, present?.createdAtMs ?? stores.clock.nowMs());
  stores.principals.save({ ...role, boundIds: bindTrust(role.trust, stores.principals) });
  putPolicies(stores, role, seed.policies);
};

/**
 * Deploys a template as CloudFormation does: what is absent is made, and what is there is written anew where the
 * template says something else than when it was deployed last. So an administrator's change stays until then. A role
 * keeps its unique id, and with it its sessions, and every inline policy that the template does not name, such as the
 * deny. What was there before templates were (an older data folder) counts as never deployed. All or nothing.
 */
export const deployStack = (stores: IamStores, { managedPolicies, roles }: StackSeed): void =>
  stores.atomically(() => {
    const deploy = (arn: string, there: boolean, seed: object, put: () => void): void => {
      const description = JSON.stringify(seed);
      if (there && stores.policies.deployed(arn) === description) return;
      put();
      stores.policies.putDeployed(arn, description);
    };
    for (const policy of managedPolicies) {
      const arn = managedArn(policy);
      deploy(arn, stores.policies.managed(arn) !== undefined, policy, () => putManaged(stores, policy));
    }
    for (const role of roles) {
      const arn = roleArnOf(role);
      const there = stores.principals.role(role.accountId, role.roleName) !== undefined;
      deploy(arn, there, role, () => putRole(stores, role));
    }
  });
