import { roleArnOf } from '#core/aws-role.ts';
import type { Reach } from '#core/grant/minted.ts';
import { longestHeldSec } from '#core/longer-lived.ts';
import type { Entitlement, Policy } from '#core/policy/policy.ts';
import { reachedFrom } from './steps.ts';

/**
 * What may be left of a session under this entitlement beside itself: the roles that it may go on to, and the
 * longest-lived thing that can be got on any of them, its own included.
 */
export const reachOf = (policy: Pick<Policy, 'entitlements'>, { id, opens }: Entitlement): Reach => {
  const into = reachedFrom(policy, id);
  const onward = policy.entitlements.filter((entitlement) => into.includes(roleArnOf(entitlement)));
  const heldSec = [opens, ...onward.map((entitlement) => entitlement.opens)].map((each) => longestHeldSec(each));
  return { into, leavesForMs: Math.max(...heldSec) * 1_000 };
};
