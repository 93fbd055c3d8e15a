import { DaypassError } from '#core/errors.ts';
import type { Chaining, Policy } from '#core/policy/policy.ts';
import type { RequestChange } from '#ports/request-store.ts';
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

/** alice's live grant in memory, as in `alertWorld`, with requests that can be changed and a role that can be out of reach. */
export const chainWorld = () => {
  const world = alertWorld();
  const { requests, denies, published } = world;
  const unreachable = new Set<string>();
  const writes: string[] = [];
  const reached = (roleArn: string): void => {
    if (unreachable.has(roleArn)) throw new DaypassError('RoleUnavailable', `${roleArn} cannot be reached.`);
  };
  const ports = {
    ...world.ports,
    policy: { current: async () => chained },
    requests: {
      ...world.ports.requests,
      save: async ({ request }: RequestChange) => {
        const index = requests.findIndex(({ id }) => id === request.id);
        if (requests[index]?.version !== request.version - 1) throw new DaypassError('VersionConflict', 'Too late.');
        requests[index] = request;
      },
    },
    targetRoles: {
      ...world.ports.targetRoles,
      readDeny: async (roleArn: string) => {
        reached(roleArn);
        return denies.get(roleArn);
      },
      writeDeny: async (roleArn: string, document: string): Promise<'written'> => {
        reached(roleArn);
        writes.push(roleArn);
        denies.set(roleArn, document);
        return 'written';
      },
    },
  };
  const grant = () => {
    const [request] = requests;
    if (!request) throw new Error('There is no request.');
    return request;
  };
  /** What the rule on `session.chained` does with everything that was published since. */
  let followed = 0;
  const deliver = async (): Promise<void> => {
    for (; followed < published.length; followed++) {
      const event = published[followed];
      if (event?.name === 'session.chained') await followChain({ requestId: event.detail.requestId }, ports);
    }
  };
  const denied = (roleArn: string): boolean => denies.get(roleArn)?.includes(grant().id) ?? false;
  return { ...world, ports, unreachable, writes, grant, deliver, denied };
};
