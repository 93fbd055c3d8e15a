import type { RequestView } from '#core/api/views.ts';
import type { Session } from './api.ts';
import type { Context } from './context.ts';
import { exits, Failure } from './failure.ts';
import { pause } from './pause.ts';

/** Somebody may be looking at the card right now; after a while nobody is. */
const firstPollMs = 250;
const longestPollMs = 3000;
/** The network may fail this often in a row meanwhile. */
const patience = 5;

type Watch = {
  isDecided(request: RequestView): boolean;
  timeoutSec: number | undefined;
  /** What is said when the time is up. */
  late: string;
  /** What is true for whoever leaves off: it changes nothing about the request. */
  hint: string;
};

/** Looks at a request until it is decided. Throws a Failure for a timeout, Ctrl-C and a network that stays away. */
export const lookUntil = async (
  context: Context,
  session: Session,
  first: RequestView,
  { isDecided, timeoutSec, late, hint }: Watch,
): Promise<RequestView> => {
  const untilMs = context.clock.nowMs() + (timeoutSec ?? Number.POSITIVE_INFINITY) * 1000;
  let request = first;
  let pollMs = firstPollMs;
  let failures = 0;
  while (!isDecided(request)) {
    const restMs = untilMs - context.clock.nowMs();
    if (restMs <= 0) throw new Failure(exits.waiting, 'timeout', late, hint);
    await pause(context, Math.min(pollMs, restMs), hint);
    pollMs = Math.min(longestPollMs, pollMs * 1.5);
    try {
      request = await session.get<RequestView>(`/v1/requests/${first.id}`);
      failures = 0;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.exit !== exits.upstream || ++failures === patience) throw error.saying(hint);
    }
  }
  return request;
};
