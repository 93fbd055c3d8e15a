import type { ReplyStore } from '#ports/reply-store.ts';

/** A handler that died may be replaced after this; longer than a function behind the ingress may run. */
const claimSec = 15;
const betweenMs = 250;

/**
 * Takes a Slack request in hand, or finds what was answered to it. While somebody else is at it, it looks again every
 * quarter of a second for as long as Slack may wait; `busy` after that.
 */
export const claimWithin = async (
  waitMs: number,
  key: string,
  { replies, pause }: { replies: ReplyStore; pause: (ms: number) => Promise<void> },
): Promise<Awaited<ReturnType<ReplyStore['claim']>>> => {
  let claimed = await replies.claim(key, claimSec);
  for (let leftMs = waitMs; claimed.state === 'busy' && leftMs > 0; leftMs -= betweenMs) {
    await pause(betweenMs);
    claimed = await replies.claim(key, claimSec);
  }
  return claimed;
};
