import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Alert } from '#core/alert/alert.ts';
import { timesSeen } from '#core/alert/fold.ts';
import { clip } from '#core/clip.ts';
import { formatDuration } from '#core/duration.ts';
import type { Entitlement, Policy } from '#core/policy/policy.ts';
import { longestReason } from '#core/policy/reason.ts';
import type { Refusal } from '#core/refusal.ts';
import { inSlack } from './next-step.ts';
import { context, limits, oneLine, plain, quoted } from './text.ts';

/** What a modal is called in the payload of its submission. */
export const modals = {
  request: 'request',
  deny: 'deny',
  extend: 'extend',
  denyExtension: 'extension.deny',
  lockdown: 'lockdown',
  lift: 'lockdown.lift',
} as const;

/** Names of the fields: `state.values[block][field]`. */
export const fields = { entitlement: 'entitlement', duration: 'duration', reason: 'reason', ticket: 'ticket' } as const;
export const field = 'value';

type Sheet = { title: string; close: string; blocks: KnownBlock[] } & Partial<
  Pick<ModalView, 'submit' | 'callback_id' | 'private_metadata'>
>;

export const modal = (view: Sheet): ModalView => ({
  ...view,
  type: 'modal',
  title: plain(view.title, limits.modalTitle),
  close: plain(view.close, limits.modalTitle),
});

const optionOf = (entitlement: Entitlement): PlainTextOption => ({
  text: plain(`${entitlement.id} (up to ${formatDuration(entitlement.maxDurationSec)})`, limits.optionText),
  value: entitlement.id,
  description: plain(oneLine(entitlement.description), limits.optionText),
});

/**
 * 100 options in a group and 100 groups: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
 */
const mostOptions = 100;

/** By account, so that more than a hundred fit; an account with more is continued in a further group. */
const optionGroups = (policy: Policy, entitlements: readonly Entitlement[]) =>
  policy.accounts
    .flatMap((account) => {
      const options = entitlements.filter((each) => each.accountId === account.id).map(optionOf);
      const pages = Math.ceil(options.length / mostOptions);
      return Array.from({ length: pages }, (_, page) => ({
        label: plain(`${account.name} (${account.id})`, limits.optionText),
        options: options.slice(page * mostOptions, (page + 1) * mostOptions),
      }));
    })
    .slice(0, mostOptions);

/**
 * The form behind `/access`. `nonce` names this opening of it, so that submitting it twice is one request.
 * `entitlements` is what this person may ask for, at least one.
 */
export const requestModal = (policy: Policy, entitlements: readonly Entitlement[], nonce: string): ModalView =>
  modal({
    title: 'Ask for access',
    submit: plain('Ask', limits.modalTitle),
    close: 'Not now',
    callback_id: modals.request,
    private_metadata: nonce,
    blocks: [
      {
        type: 'input',
        block_id: fields.entitlement,
        label: plain('What'),
        element: {
          type: 'static_select',
          action_id: field,
          placeholder: plain('Choose what you need'),
          option_groups: optionGroups(policy, entitlements),
        },
      },
      {
        type: 'input',
        block_id: fields.duration,
        optional: true,
        label: plain('How long'),
        hint: plain('Like 90s, 30m, 1h30m or 8h. Left empty, it is as long as is usual for it.'),
        element: { type: 'plain_text_input', action_id: field, max_length: 20, placeholder: plain('30m') },
      },
      {
        type: 'input',
        block_id: fields.reason,
        label: plain('Why'),
        hint: plain('The approvers read this, and it is kept.'),
        element: { type: 'plain_text_input', action_id: field, multiline: true, max_length: longestReason },
      },
      {
        type: 'input',
        block_id: fields.ticket,
        optional: true,
        label: plain('Ticket'),
        element: { type: 'plain_text_input', action_id: field, max_length: 200, placeholder: plain('INC-42') },
      },
    ],
  });

/** Asks an approver why. The request is named by its id alone; who may deny it is decided when it is submitted. */
export const denyModal = (requestId: string): ModalView =>
  modal({
    title: 'Deny this request?',
    submit: plain('Deny', limits.modalTitle),
    close: 'Back',
    callback_id: modals.deny,
    private_metadata: requestId,
    blocks: [
      {
        type: 'input',
        block_id: fields.reason,
        label: plain('Why not'),
        hint: plain('The person who asked reads this.'),
        element: { type: 'plain_text_input', action_id: field, multiline: true, max_length: longestReason },
      },
    ],
  });

/** Replaces a modal whose submission was refused for a reason that no other input would change. */
export const refusedModal = ({ message, next }: Pick<Refusal, 'message' | 'next'>): ModalView =>
  modal({ title: 'Not done', close: 'Close', blocks: [quoted(`🚫 ${message}`), quoted(inSlack(next))] });

/** Slack takes 100 blocks in a modal; each fact is one. */
const mostFacts = 40;

const mostSessions = 10;

const sessionsIn = ({ sessions }: Alert): string => {
  const named = sessions.slice(0, mostSessions).map(({ userId }) => clip(oneLine(userId), 40));
  return `${sessions.length} are kept${sessions.length > mostSessions ? ', the first' : ''}: ${named.join(', ')}`;
};

/** Everything an alert knows. Labels and values come from CloudTrail and are shown as plain text. */
export const alertDetails = (alert: Alert): ModalView => {
  const finding = alert.newest.at(-1) ?? alert.first;
  const all: [string, string][] = [
    ['Detection', alert.detection],
    ['Account', finding.accountId],
    ['Role', finding.roleArn],
    ['CloudTrail event', finding.eventId],
    ...Object.entries(finding.facts),
    ...(alert.sessions.length > 1 ? [['Sessions', sessionsIn(alert)] satisfies [string, string]] : []),
  ];
  return modal({
    title: 'Alert',
    close: 'Close',
    blocks: [
      quoted(clip(oneLine(finding.summary), 1000)),
      ...all
        .slice(0, mostFacts)
        .map(([label, value]) => quoted(`${clip(oneLine(label), 80)}: ${clip(oneLine(value), 500)}`)),
      context(alert.count === 1 ? 'Seen once.' : `Seen ${timesSeen(alert)} times. The facts are those of the newest.`),
    ],
  });
};
