import type { Urgency } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import { retryAfterMs } from './slack-errors.ts';

/** Slack takes no more of this for so long: it did not take the call, or was not even asked. */
export class Limited extends Error {
  override readonly name = 'Limited';
  readonly forMs: number;
  constructor(forMs: number, options?: { cause: unknown }) {
    super(`Slack takes no more of this for ${forMs} ms.`, options);
    this.forMs = forMs;
  }
}

/** After a limit is over alerts go first, then what waits for somebody's approval, then everything else. */
const headStartMs: Readonly<Record<Urgency, number>> = { alert: 0, approval: 100, notice: 250 };

/** More places than a team has people and channels; then those that are over are forgotten. */
const mostKept = 1_000;

/**
 * Keeps to Slack's limits as far as this process knows them, by what was limited: a method, and for posts the channel,
 * of which Slack takes about one in a second: https://docs.slack.dev/apis/web-api/rate-limits. While a limit lasts
 * nothing is sent that would only be refused. Throws `Limited`, and what `run` throws.
 */
export const createPace = ({ nowMs }: Clock) => {
  const limitedUntil = new Map<string, number>();
  const waitMs = (what: string, urgency: Urgency): number => {
    const untilMs = limitedUntil.get(what);
    return untilMs === undefined ? 0 : Math.max(0, untilMs + headStartMs[urgency] - nowMs());
  };
  const limit = (what: string, forMs: number): void => {
    const now = nowMs();
    if (limitedUntil.size >= mostKept) {
      for (const [each, untilMs] of limitedUntil) if (untilMs + headStartMs.notice < now) limitedUntil.delete(each);
    }
    limitedUntil.set(what, Math.max(limitedUntil.get(what) ?? 0, now + forMs));
  };
  return async <T>(what: string, urgency: Urgency, run: () => Promise<T>): Promise<T> => {
    const forMs = waitMs(what, urgency);
    if (forMs > 0) throw new Limited(forMs);
    return run().catch((cause: unknown) => {
      const askedMs = retryAfterMs(cause);
      if (askedMs === undefined) throw cause;
      limit(what, askedMs);
      throw new Limited(waitMs(what, urgency), { cause });
    });
  };
};
