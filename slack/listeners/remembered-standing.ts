import type { Chat, Standing } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';

/** An account that ended since is found by then, also where Slack's event about it was lost. */
const freshMs = 300_000;
/** While Slack cannot be asked, what it said last counts for so long. */
const staleMs = 3_600_000;
/** More than a policy has people; then what was asked longest ago is forgotten. */
const mostKept = 2_000;

/**
 * Asks Slack about one account every five minutes at most, in this process, as long as it is a member's; about others
 * each time, so that who comes back is known at once. Throws `SlackUnavailable`.
 */
export const rememberStanding = (
  slack: Pick<Chat<never>, 'standingOf'>,
  { nowMs }: Clock,
): ((userId: string) => Promise<Standing>) => {
  const memberAt = new Map<string, number>();
  const keep = (userId: string, standing: Standing, askedMs: number): void => {
    memberAt.delete(userId);
    if (standing.is !== 'member') return;
    memberAt.set(userId, askedMs);
    const [oldest] = memberAt.keys();
    if (memberAt.size > mostKept && oldest !== undefined) memberAt.delete(oldest);
  };
  return async (userId) => {
    const askedMs = nowMs();
    const ageMs = askedMs - (memberAt.get(userId) ?? Number.NEGATIVE_INFINITY);
    if (ageMs < freshMs) return { is: 'member' };
    try {
      const standing = await slack.standingOf(userId);
      keep(userId, standing, askedMs);
      return standing;
    } catch (error) {
      if (ageMs < staleMs) return { is: 'member' };
      throw error;
    }
  };
};
