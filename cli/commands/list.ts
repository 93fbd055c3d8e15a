import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import type { Requests } from '../grant.ts';
import { requestTable } from '../show.ts';

export const run = async (context: Context): Promise<void> => {
  const session = await openSession(context);
  const requests = await session.get<Requests>('/v1/requests');
  const nowMs = context.clock.nowMs();
  const { mine, waitingForMe } = requests;
  const yours =
    mine.length > 0
      ? requestTable(mine, nowMs)
      : ['You have no requests. `daypass entitlements` shows what you can ask for.'];
  const others =
    waitingForMe.length > 0 ? ['', 'Waiting for your vote, in Slack:', ...requestTable(waitingForMe, nowMs)] : [];
  succeed(context, requests, [...yours, ...others]);
};
