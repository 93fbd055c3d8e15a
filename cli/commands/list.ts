import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import type { Requests } from '../grant.ts';
import { leftOff, listOf, pagesOf } from '../pages.ts';
import { extensionTable, requestTable } from '../show.ts';

export const run = async (context: Context): Promise<void> => {
  const pages = await pagesOf<Requests>(await openSession(context), '/v1/requests');
  // Open ones stand on the first page, before their turn.
  const mine = listOf(pages, (page) => page.mine).sort(
    (one, other) => Number(one.id < other.id) - Number(other.id < one.id),
  );
  const waitingForMe = listOf(pages, (page) => page.waitingForMe);
  const extensionsForMe = listOf(pages, (page) => page.extensionsForMe);
  const [{ extensionsForMe: told }] = pages;
  const left = leftOff(pages);
  const nowMs = context.clock.nowMs();
  const yours =
    mine.length > 0
      ? requestTable(mine, nowMs)
      : [`You have no requests. \`${commandName} entitlements\` shows what you can ask for.`];
  const others =
    waitingForMe.length > 0 ? ['', 'Waiting for your vote, in Slack:', ...requestTable(waitingForMe, nowMs)] : [];
  const more =
    extensionsForMe.length > 0
      ? ['', 'Waiting for your vote on more time, in Slack:', ...extensionTable(extensionsForMe, nowMs)]
      : [];
  const rest =
    left.next === undefined
      ? []
      : ['', 'These are the newest; there may be more. What is open of yours is among them.'];
  succeed(context, { mine, waitingForMe, ...(told && { extensionsForMe }), ...left }, [
    ...yours,
    ...others,
    ...more,
    ...rest,
  ]);
};
