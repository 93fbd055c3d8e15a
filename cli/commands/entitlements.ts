import type { EntitlementView } from '#core/api/views.ts';
import { formatDuration } from '#core/duration.ts';
import { openSession } from '../api.ts';
import { type Context, plain, succeed } from '../context.ts';
import { leftOff, listOf, pagesOf } from '../pages.ts';
import { table } from '../show.ts';

const approvalOf = ({ approval }: EntitlementView): string =>
  approval.count === 0 ? 'none' : `${approval.count} of ${approval.groups.join(' or ')}`;

export const run = async (context: Context): Promise<void> => {
  const session = await openSession(context);
  const pages = await pagesOf<{ entitlements: EntitlementView[]; next?: string }>(session, '/v1/entitlements');
  const entitlements = listOf(pages, (page) => page.entitlements);
  const left = leftOff(pages);
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
  succeed(context, { entitlements, ...left }, [...lines, ...(left.next === undefined ? [] : ['and there are more'])]);
};
