import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import type { Requests } from '../grant.ts';
import { extensionTable, requestTable } from '../show.ts';

export const run = async (context: Context): Promise<void> => {
  const session = await openSession(context);
  const requests = await session.get<Requests>('/v1/requests');
  const nowMs = context.clock.nowMs();
  const { mine, waitingForMe, moreWait = false, extensionsForMe = [] } = requests;
  const yours =
    mine.length > 0
      ? requestTable(mine, nowMs)
      : [`You have no requests. \`${commandName} entitlements\` shows what you can ask for.`];
  const others =
    waitingForMe.length > 0
      ? [
          '',
          'Waiting for your vote, in Slack:',
          ...requestTable(waitingForMe, nowMs),
          ...(moreWait ? ['and there may be more'] : []),
        ]
      : [];
  const more =
    extensionsForMe.length > 0
      ? ['', 'Waiting for your vote on more time, in Slack:', ...extensionTable(extensionsForMe, nowMs)]
      : [];
  succeed(context, requests, [...yours, ...others, ...more]);
};
