import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import type { Tally } from '#core/lockdown/tally.ts';
import { scopeWords, typedScope } from '#core/lockdown/words.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { mention } from './people.ts';
import { code, context, inert, limits, mrkdwn, oneLine, quoted, section, when } from './text.ts';

/** A lockdown as its card shows it. */
export type ShownLockdown = {
  /** Counts what has happened to the lockdown and to what it met. */
  version: number;
  lockdown: Lockdown;
  tally: Tally;
  /** Some of what could not be ended, in words; `tally.failed` counts all of it. */
  failures: readonly string[];
};

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** `12 of 20 grants verified, 3 requests closed`. */
export const countWords = ({ grants, verified, closed, roles }: Tally): string =>
  [
    `${verified} of ${counted(grants, 'grant')} verified`,
    ...(closed > 0 ? [`${counted(closed, 'request')} closed that had not begun`] : []),
    ...(roles.all > 0 ? [`${roles.verified} of ${counted(roles.all, 'role')} denying every earlier session`] : []),
  ].join(', ');

const title = (policy: Policy, { scope }: Lockdown): string => inert(scopeWords(policy, scope));

const label = ({ status }: Lockdown): string => (status === 'in-force' ? '🔒 in force' : '🔓 lifted');

/** Posted once in the alerts channel, then updated in place. */
export const lockdownCard = (policy: Policy, { lockdown, tally, failures }: ShownLockdown): SlackMessage => ({
  text: clip(
    `🔒 Lockdown of ${title(policy, lockdown)} (${lockdown.status}): ${countWords(tally)}`,
    limits.messageText,
  ),
  blocks: [
    section(`*Lockdown of ${title(policy, lockdown)}* · ${label(lockdown)}`),
    quoted(clip(oneLine(lockdown.reason), 1000)),
    {
      type: 'section',
      fields: [`*By*\n${mention(policy, lockdown.begunBy)}`, `*Since*\n${when(lockdown.begunAt)}`].map((field) =>
        mrkdwn(field, limits.sectionField),
      ),
    },
    section(progress(lockdown, tally)),
    ...failed(tally, failures),
    ...standing(policy, lockdown),
  ],
});

const progress = ({ finished }: Lockdown, tally: Tally): string => {
  const state = finished ? (tally.failed.length > 0 ? '🚨' : '✅') : '⏳';
  return `${state} ${countWords(tally)}${finished ? ` · ${when(finished.at)}` : ''}`;
};

const failed = ({ failed: all }: Tally, failures: readonly string[]): KnownBlock[] => {
  if (all.length === 0) return [];
  const more = all.length > failures.length ? `\nand ${all.length - failures.length} more` : '';
  return [
    section(
      `🚨 *${all.length} could not be ended yet.* Nothing new begins, and Daypass goes on trying; look at these roles yourself if it is urgent.`,
    ),
    quoted(clip(`${failures.map((line) => clip(oneLine(line), 200)).join('\n')}${more}`, 2500)),
  ];
};

const standing = (policy: Policy, lockdown: Lockdown): KnownBlock[] => {
  if (lockdown.status === 'lifted') {
    return [
      section(`🔓 ${mention(policy, lockdown.liftedBy)} lifted it ${when(lockdown.liftedAt)}`),
      quoted(clip(oneLine(lockdown.liftReason), 1000)),
      context(code(lockdown.id)),
    ];
  }
  const lift = code(`/access lockdown lift ${typedScope(policy, lockdown.scope)}`);
  return [
    section('Nothing is asked for, approved or handed out under it until it is lifted. Nothing lifts it by itself.'),
    context(`Lift it with ${lift} · ${code(lockdown.id)}`),
  ];
};

/** A reply in its thread: how far it is by now. */
export const progressReply = ({ tally }: ShownLockdown): SlackMessage => {
  const text = `⏳ ${countWords(tally)} so far`;
  return { text, blocks: [section(text)] };
};

/** A reply in its thread: nothing more is found. */
export const finishedReply = ({ tally, failures }: ShownLockdown): SlackMessage => {
  const text =
    tally.failed.length === 0
      ? `✅ Done: ${countWords(tally)}.`
      : `🚨 ${countWords(tally)}; ${tally.failed.length} could not be ended yet, and Daypass goes on trying.`;
  return { text, blocks: [section(text), ...failed(tally, failures)] };
};

/** A reply in its thread: people let go. */
export const liftedReply = (policy: Policy, { lockdown }: ShownLockdown): SlackMessage => {
  const by = lockdown.status === 'lifted' ? ` by ${mention(policy, lockdown.liftedBy)}` : '';
  const text = `🔓 Lifted${by}. What it ended stays ended; what it covered may be asked for again.`;
  return { text, blocks: [section(text)] };
};
