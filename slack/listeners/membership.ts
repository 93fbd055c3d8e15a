import type { Context } from '@slack/bolt';
import { commandName } from '#core/command-name.ts';
import { lockedWords } from '#core/lockdown/words.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Standing } from '#ports/chat.ts';
import { lockNoMember } from '#usecases/lockdown/lock-no-member.ts';
import type { SlackPorts } from '../ports.ts';
import type { Caller } from './caller.ts';
import { rememberStanding } from './remembered-standing.ts';
import { idOf } from './reply.ts';

type Known = Extract<Caller, { kind: 'person' }>;

/** `unasked`: Slack did not answer; `error` is why, and the same may be done later. */
export type Membership =
  | { is: 'member' }
  | { is: 'no-member' | 'unasked'; words: Pick<Refusal, 'message' | 'next'>; error?: unknown };

export type MembershipPorts = Pick<SlackPorts, 'clock' | 'ids' | 'lockdowns' | 'outbox' | 'slack'>;

/**
 * Whether the account that acts is a full member's, by Slack's own word of the last five minutes. Whoever's is not is
 * locked down, as by Slack's event about it, which may have been lost. Throws `StoreUnavailable`.
 */
export const membershipOf = (ports: MembershipPorts) => {
  const standingOf = rememberStanding(ports.slack, ports.clock);
  return async (caller: Known, context: Context): Promise<Membership> => {
    let standing: Standing;
    try {
      standing = await standingOf(caller.slackUserId);
    } catch (error) {
      return { is: 'unasked', words: unasked, error };
    }
    if (standing.is === 'member') return { is: 'member' };
    const { because } = standing;
    const said = `Slack says that your account ${because}`;
    if (standing.is === 'unknown') return { is: 'no-member', words: { message: `${said}.`, next: askOperators } };
    return {
      is: 'no-member',
      words: await locked(caller, { said, because }, idOf(context, 'no-member', ports), ports),
    };
  };
};

const askOperators = `Ask the people who run Daypass: ${commandName} doctor shows whether its Slack app is set up right.`;

const unasked = {
  message: 'Slack could not be asked whether your account is active, so that was not done.',
  next: 'Try again in a minute. If that goes on, tell the people who run Daypass. What ends access works all the same.',
};

const locked = async (
  { person, slackUserId, policy }: Known,
  { said, because }: { said: string; because: string },
  lockdownId: string,
  ports: MembershipPorts,
): Promise<Pick<Refusal, 'message' | 'next'>> => {
  const outcome = await lockNoMember({ lockdownId, person, slackUserId, because }, ports);
  if (!outcome.ok) return { message: `${said}, and you are locked down.`, next: { do: 'list-lockdowns' } };
  const { message, next } = lockedWords(policy, outcome.value, person.id);
  return { message: `${said}. ${message}`, next };
};
