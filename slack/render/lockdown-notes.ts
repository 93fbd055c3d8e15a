import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import { capital, lockedWords, scopeWords } from '#core/lockdown/words.ts';
import { personById } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { anyOf } from '#core/policy/sentences.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { mention, nameIn } from './people.ts';
import { code, context, escaped, inert, limits, oneLine, quoted, section, when } from './text.ts';

/** Direct messages to whoever a lockdown hits: one when it does, one when it is lifted. */

const isOf = ({ scope }: Lockdown, personId: string): boolean => scope.kind === 'person' && scope.personId === personId;

const whatIs = (policy: Policy, lockdown: Lockdown, personId: string): string =>
  isOf(lockdown, personId) ? 'You are' : `${inert(capital(scopeWords(policy, lockdown.scope)), 200)} is`;

/** Who did it, where that is a person of the policy, and the groups that may lift it. */
const whomToAsk = (policy: Policy, lockdown: Lockdown, personId: string): string => {
  const groups = policy.mayLockDown ?? [];
  const lifters = groups.length === 0 ? '' : `somebody of ${escaped(anyOf(groups))}`;
  const asker = lockdown.begunBy !== personId && personById(policy, lockdown.begunBy) !== undefined;
  const whom = [...(asker ? [mention(policy, lockdown.begunBy)] : []), ...(lifters ? [lifters] : [])].join(', or ');
  return whom === '' ? 'Ask whoever keeps the access policy.' : `Ask ${whom}.`;
};

/** What a lockdown means for one person, who did it, why, and whom to ask. */
export const hitNote = (policy: Policy, lockdown: Lockdown, personId: string): SlackMessage => {
  const { message } = lockedWords(policy, lockdown, personId);
  const of = isOf(lockdown, personId);
  return {
    text: clip(`🔒 ${escaped(oneLine(message))}`, limits.messageText),
    blocks: [
      section(
        `🔒 *${whatIs(policy, lockdown, personId)} locked down*, by ${mention(policy, lockdown.begunBy)} ${when(lockdown.begunAt)}`,
      ),
      quoted(`Why: ${clip(oneLine(lockdown.reason), 1000)}`),
      section(
        `${of ? 'All your access' : 'Your access there'} ends now, and what waited is closed. Nothing is asked for, approved or handed out ` +
          `until it is lifted. ${whomToAsk(policy, lockdown, personId)}`,
      ),
      // Told late, where Slack was away meanwhile.
      ...(lockdown.status === 'lifted' ? [section(`🔓 It was lifted ${when(lockdown.liftedAt)}.`)] : []),
      context(`Lockdown ${code(lockdown.id)}`),
    ],
  };
};

/** Undefined while it is in force. */
export const freedNote = (policy: Policy, lockdown: Lockdown, personId: string): SlackMessage | undefined => {
  if (lockdown.status !== 'lifted') return undefined;
  const what = isOf(lockdown, personId) ? 'You are' : `${inert(capital(scopeWords(policy, lockdown.scope)), 200)} is`;
  const by = nameIn(policy, lockdown.liftedBy);
  return {
    text: clip(`🔓 ${what} no longer locked down: lifted by ${by}.`, limits.messageText),
    blocks: [
      section(
        `🔓 *${what} no longer locked down*: ${mention(policy, lockdown.liftedBy)} lifted it ${when(lockdown.liftedAt)}`,
      ),
      quoted(`Why: ${clip(oneLine(lockdown.liftReason), 1000)}`),
      section(
        `What it ended stays ended; ask again with \`/access\`.${
          isOf(lockdown, personId) ? ` Every login from before is over: ${code(`${commandName} login`)}.` : ''
        }`,
      ),
      context(`Lockdown ${code(lockdown.id)}`),
    ],
  };
};
