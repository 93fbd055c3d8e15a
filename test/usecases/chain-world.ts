import type { Chaining, Policy } from '#core/policy/policy.ts';
import { alertWorld, policy } from '#test/fixtures/alert-world.ts';
import { payments, reports } from '#test/fixtures/cloudtrail/chain.ts';
import { followChain } from '#usecases/chain/follow-chain.ts';

const [sample] = policy.entitlements;
if (!sample) throw new Error('There is no entitlement.');
const entitlement = (id: string, accountId: string, roleName: string, chaining: Chaining) => ({
  ...sample,
  id,
  accountId,
  roleName,
  chaining,
});

export const orders = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
export const outside = 'arn:aws:iam::333333333333:role/reports-of-old';

/** orders-admin, payments-admin and the partner's reports, in a chain; and a role that Daypass does not lend. */
const chained: Policy = {
  ...policy,
  entitlements: [
    entitlement('orders-admin', '222222222222', 'daypass-jit-orders-admin', { into: [payments, outside] }),
    entitlement('payments-admin', '222222222222', 'daypass-jit-payments-admin', { into: [reports] }),
    entitlement('partner-reports', '333333333333', 'daypass-jit-reports', false),
  ],
};

/** alice's grant, as in `alertWorld`, under a policy that lets its sessions go on. */
export const chainWorld = () => {
  const world = alertWorld();
  const { ports, denies, published, the: grant } = world;
  world.govern(chained);
  /** What the rule on `session.chained` does with everything that was published since. */
  let followed = 0;
  const deliver = async (): Promise<void> => {
    for (; followed < published.length; followed++) {
      const event = published[followed];
      if (event?.name === 'session.chained') await followChain({ requestId: event.detail.requestId }, ports);
    }
  };
  const denied = (roleArn: string): boolean => denies.get(roleArn)?.includes(grant().id) ?? false;
  return { ...world, grant, deliver, denied };
};
