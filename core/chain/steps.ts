import { accountOfArn } from '#core/aws-arn.ts';
import { type RoleRef, roleArnOf } from '#core/aws-role.ts';
import type { RoleAssumed } from '#core/detection/trail-event.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { GrantedRequest } from '#core/request/request.ts';

/** Sessions under an entitlement may go on from its role into these, all by ARN. */
export type Step = { entitlementId: string; from: string; into: readonly string[] };

export const stepsOf = ({ entitlements }: Pick<Policy, 'entitlements'>): readonly Step[] =>
  entitlements.flatMap(({ id, chaining, ...role }) =>
    chaining ? [{ entitlementId: id, from: roleArnOf(role), into: chaining.into }] : [],
  );

/** IAM does not tell names apart by case. */
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

type Edge = { from: string; to: string };

const edgesOf = ({ from, into }: Step): readonly Edge[] => into.map((to) => ({ from, to }));

/**
 * Every step that sessions of this grant may take. The first is the entitlement's own, by its session policy. A session
 * that came from another role has no such policy: it may do what its role may, under whichever entitlement the role got
 * it.
 */
const mayTake = ({ entitlementId }: Pick<GrantedRequest, 'entitlementId'>, steps: readonly Step[]): readonly Edge[] => {
  const found = steps.filter((step) => step.entitlementId === entitlementId).flatMap(edgesOf);
  const looked = new Set<string>();
  for (const { to } of found) {
    if (looked.has(to.toLowerCase())) continue;
    looked.add(to.toLowerCase());
    // What is found on the way is looked at in its turn, since the loop goes on to what was added.
    found.push(...steps.filter(({ from }) => same(from, to)).flatMap(edgesOf));
  }
  return found;
};

/**
 * The roles, by ARN, into which sessions under an entitlement may go on, over however many steps, and on which they can
 * be ended: those that are lent.
 */
export const reachedFrom = (policy: Pick<Policy, 'entitlements'>, entitlementId: string): readonly string[] => {
  const into = mayTake({ entitlementId }, stepsOf(policy)).map(({ to }) => to);
  const lent = new Set(policy.entitlements.map(roleArnOf));
  return [...lent].filter((role) => into.some((to) => same(to, role)));
};

/**
 * Whether the policy lets a session of this grant go from the caller into this role. The copy of the target account
 * tells the caller's account only, and must be taken at that.
 */
export const mayGoOn = (
  { caller }: RoleAssumed,
  role: RoleRef,
  request: GrantedRequest,
  steps: readonly Step[],
): boolean =>
  mayTake(request, steps).some(
    ({ from, to }) =>
      same(to, roleArnOf(role)) &&
      (caller.role ? same(from, roleArnOf(caller.role)) : accountOfArn(from) === caller.accountId),
  );
