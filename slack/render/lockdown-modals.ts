import type { KnownBlock, ModalView } from '@slack/types';
import { managedPrefix } from '#core/aws-role.ts';
import { clip } from '#core/clip.ts';
import type { InForce, LockdownScope } from '#core/lockdown/lockdown.ts';
import { rolesUnder } from '#core/lockdown/name-scope.ts';
import { scopeWords, typedScope } from '#core/lockdown/words.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { longestReason } from '#core/policy/reason.ts';
import { allOf, anyOf } from '#core/policy/sentences.ts';
import type { SlackMessage } from '#slack/ports.ts';
import type { LockdownPreview } from '#usecases/lockdown/preview-lockdown.ts';
import { field, fields, modals } from './modals.ts';
import { mention } from './people.ts';
import { code, context, inert, limits, oneLine, plain, quoted, section, when } from './text.ts';

const why = (label: string, hint: string, typed: string): KnownBlock => ({
  type: 'input',
  block_id: fields.reason,
  label: plain(label),
  hint: plain(hint),
  element: {
    type: 'plain_text_input',
    action_id: field,
    multiline: true,
    max_length: longestReason,
    ...(typed !== '' && { initial_value: clip(typed, longestReason) }),
  },
});

const modal = (title: string, blocks: KnownBlock[], submit?: string): ModalView => ({
  type: 'modal',
  title: plain(title, limits.modalTitle),
  close: plain(submit === undefined ? 'Close' : 'Keep as it is', limits.modalTitle),
  ...(submit !== undefined && { submit: plain(submit, limits.modalTitle) }),
  blocks,
});

const counted = (count: number, one: string): string => `*${count} ${one}${count === 1 ? '' : 's'}*`;

/** What a lockdown would hit, in sentences of our own words. The last ones warn. */
export const previewLines = (policy: Policy, preview: LockdownPreview, personId: string): string[] => {
  const { scope, grants, sessions, waiting, people, approvers, atLeast = false } = preview;
  const roles = rolesUnder(policy, scope).length;
  const named = (ids: readonly string[]): string => inert(allOf(ids.map((id) => nameOf(policy, id))), 500);
  const self = scope.kind === 'person' && scope.personId === personId;
  return [
    `It ends ${counted(grants, 'grant')} with ${counted(sessions, 'live session')} and closes ${counted(waiting, 'request')} that ${waiting === 1 ? 'waits' : 'wait'}${atLeast ? ', and whatever else there is: only the newest were counted' : ''}.`,
    ...(scope.kind !== 'person' && people.length > 0
      ? [`Whose: ${named(people)}${atLeast ? ', and perhaps others' : ''}.`]
      : []),
    ...(roles > 0
      ? [`Every session of ${counted(roles, 'role')} issued before now is denied, also one that no grant explains.`]
      : []),
    `Nothing is asked for, approved or handed out under it until somebody of ${anyOf(policy.mayLockDown ?? [])} lifts it. Nothing lifts it by itself.`,
    ...(self ? ['⚠️ This is you: somebody else has to lift it.'] : []),
    ...(scope.kind !== 'person' && approvers.length > 0
      ? [`⚠️ Those who approve or lift lose their own access with it: ${named(approvers)}.`]
      : []),
  ];
};

/** What the modal carries: `nonce` names this opening of it, so that submitting it twice is one lockdown. */
export type LockdownOrder = { nonce: string; scope: LockdownScope; told: Readonly<Record<string, number>> };

/** Asks once more before anything ends. */
export const lockdownModal = (
  policy: Policy,
  preview: LockdownPreview,
  { nonce, personId, reason }: { nonce: string; personId: string; reason: string },
): ModalView => {
  const { scope, grants, sessions, waiting, atLeast } = preview;
  const told = { grants, sessions, waiting, ...(atLeast && { atLeast: 1 }) };
  const order: LockdownOrder = { nonce, scope, told };
  return {
    ...modal(
      'Lock down?',
      [
        section(`*Lock down ${inert(scopeWords(policy, scope))}?*`),
        ...previewLines(policy, preview, personId).map(section),
        why('Why', 'Whoever is hit reads this, and it is kept.', reason),
      ],
      'Lock down',
    ),
    callback_id: modals.lockdown,
    private_metadata: JSON.stringify(order),
  };
};

/** Asks once more before a lockdown is lifted. */
export const liftModal = (policy: Policy, lockdown: InForce, reason: string): ModalView => ({
  ...modal(
    'Lift the lockdown?',
    [
      section(`*Lift the lockdown of ${inert(scopeWords(policy, lockdown.scope))}?*`),
      section(`${mention(policy, lockdown.begunBy)} began it ${when(lockdown.begunAt)}, because:`),
      quoted(clip(oneLine(lockdown.reason), 1000)),
      section('What it ended stays ended. What it covers may be asked for again at once.'),
      why('Why', 'It is kept with the lockdown.', reason),
    ],
    'Lift',
  ),
  callback_id: modals.lift,
  private_metadata: lockdown.id,
});

/** Replaces the modal once it is done. */
export const lockdownDoneModal = (policy: Policy, scope: LockdownScope, lifted: boolean): ModalView =>
  modal(
    lifted ? 'Lifted' : 'Locked down',
    lifted
      ? [section(`🔓 The lockdown of ${inert(scopeWords(policy, scope))} is lifted.`)]
      : [
          section(`🔒 *${inert(scopeWords(policy, scope))}* is locked down: nothing begins under it any more.`),
          section(`What there is ends now; how far it is stands in <#${policy.slack.alertsChannel}>.`),
          context(`Lift it with ${code(`/access lockdown lift ${typedScope(policy, scope)}`)}`),
        ],
  );

/** `/access lockdown`: what is in force. */
export const lockdownsAnswer = (policy: Policy, lockdowns: readonly InForce[], may: boolean): SlackMessage => {
  const lines = lockdowns
    .slice(0, 20)
    .map(
      ({ scope, begunBy, begunAt, reason }) =>
        `🔒 *${inert(scopeWords(policy, scope))}* · by ${mention(policy, begunBy)} since ${when(begunAt)} · ${inert(reason, 200)}\n${code(`/access lockdown lift ${typedScope(policy, scope)}`)}`,
    );
  const more = lockdowns.length > lines.length ? [context(`and ${lockdowns.length - lines.length} more`)] : [];
  const text = lockdowns.length === 0 ? 'Nothing is locked down.' : `Locked down: ${lockdowns.length}.`;
  const how = may
    ? `Lock down with \`/access lockdown person alice\`, \`… role production/${managedPrefix}orders-admin\` or \`… account production\`.`
    : `Only ${inert(anyOf(policy.mayLockDown ?? []) || 'nobody')} can lock down, and lift.`;
  return { text, blocks: [section(`*${text}*`), ...lines.map(section), ...more, context(how)] };
};
