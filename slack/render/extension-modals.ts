import type { ModalView } from '@slack/types';
import { formatDuration } from '#core/duration.ts';
import type { Room } from '#core/grant/judge-more-time.ts';
import type { Policy } from '#core/policy/policy.ts';
import { longestReason } from '#core/policy/reason.ts';
import type { LiveRequest } from '#core/request/request.ts';
import { pairId } from '#slack/listeners/pair-id.ts';
import { field, fields, modal, modals } from './modals.ts';
import { whatIn } from './request-words.ts';
import { limits, oneLine, plain, section, when } from './text.ts';

/** A grant whose holder can have more time, and how much. */
export type Extendable = Room & { request: LiveRequest };

/** The form behind Extend…. `nonce`, a ULID, names this opening of it, so that submitting it twice is one extension. */
export const extendModal = (policy: Policy, { request, mostSec, leftSec }: Extendable, nonce: string): ModalView => {
  const limit = `At most ${formatDuration(leftSec)} more: a grant of ${oneLine(request.entitlementId)} is at most ${formatDuration(mostSec)} in all.`;
  return modal({
    title: 'Ask for more time',
    submit: plain('Ask', limits.modalTitle),
    close: 'Not now',
    callback_id: modals.extend,
    private_metadata: pairId(request.id, nonce),
    blocks: [
      section(`You have ${whatIn(policy, request)}, until ${when(request.grant.endsAt)}.`),
      {
        type: 'input',
        block_id: fields.duration,
        label: plain('How much longer'),
        hint: plain(`Like 15m, 30m or 1h30m. ${limit}`),
        element: { type: 'plain_text_input', action_id: field, max_length: 20, placeholder: plain('30m') },
      },
      {
        type: 'input',
        block_id: fields.reason,
        label: plain('Why'),
        hint: plain('Whoever answers reads this, and it is kept.'),
        element: { type: 'plain_text_input', action_id: field, multiline: true, max_length: longestReason },
      },
    ],
  });
};

/**
 * Asks an approver why. `pair` names the request and the extension; who may deny it is decided when it is submitted.
 */
export const denyExtensionModal = (pair: string): ModalView =>
  modal({
    title: 'Deny more time?',
    submit: plain('Deny', limits.modalTitle),
    close: 'Back',
    callback_id: modals.denyExtension,
    private_metadata: pair,
    blocks: [
      {
        type: 'input',
        block_id: fields.reason,
        label: plain('Why not'),
        hint: plain('The person who asked reads this. The grant goes on to the end it has.'),
        element: { type: 'plain_text_input', action_id: field, multiline: true, max_length: longestReason },
      },
    ],
  });
