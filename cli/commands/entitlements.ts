import type { EntitlementView } from '#core/api/views.ts';
import { formatDuration } from '#core/duration.ts';
import { openSession } from '../api.ts';
import { type Context, plain, succeed } from '../context.ts';
import { table } from '../show.ts';

const approvalOf = ({ approval }: EntitlementView): string =>
  approval.count === 0 ? 'none' : `${approval.count} of ${approval.groups.join(' or ')}`;

export const run = async (context: Context): Promise<void> => {
  const session = await openSession(context);
  const { entitlements } = await session.get<{ entitlements: EntitlementView[] }>('/v1/entitlements');
  const rows = entitlements.map((entitlement) => [
    entitlement.id,
    plain(entitlement.account.name),
    `${formatDuration(entitlement.minDurationSec)} to ${formatDuration(entitlement.maxDurationSec)}`,
    approvalOf(entitlement),
    plain(entitlement.description),
  ]);
  const lines =
    rows.length > 0
      ? table(['ENTITLEMENT', 'ACCOUNT', 'FOR', 'APPROVAL', 'WHAT IT IS'], rows)
      : ['There is nothing that you can ask for.'];
  succeed(context, { entitlements }, lines);
};
