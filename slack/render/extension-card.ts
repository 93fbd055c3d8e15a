import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { type Standing, standing } from '#core/grant/extension.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { Extension, GrantedRequest } from '#core/request/request.ts';
import { pairId } from '#slack/listeners/pair-id.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { actions, button, row } from './buttons.ts';
import { howMuchMore, moreOf } from './extension-words.ts';
import { mention, nameIn } from './people.ts';
import { code, context, escaped, inert, limits, oneLine, quoted, section, when } from './text.ts';
import { approvals, votes, whoIsLeft } from './vote-words.ts';

const labels: Readonly<Record<Standing, string>> = {
  waiting: '⏳ More time is asked for',
  granted: '🟢 Extended',
  denied: '⛔ More time denied',
  lapsed: '⌛ Lapsed',
};

/**
 * The message of an extension that needs approval: a reply to the request's card, updated in place until it is
 * answered.
 */
export const extensionCard = (policy: Policy, request: GrantedRequest, extension: Extension): SlackMessage => {
  const status = standing(request, extension);
  const asks = status === 'waiting' ? 'asks' : 'asked';
  return {
    text: clip(
      `${labels[status]}: ${nameIn(policy, request.personId)} ${asks} for ${howMuchMore(request, extension)} of ` +
        `${escaped(request.entitlementId)}. Reason: ${inert(extension.reason, 300)}`,
      limits.messageText,
    ),
    blocks: [
      section(
        `*${labels[status]}*\n${mention(policy, request.personId)} ${asks} for ${moreOf(policy, request, extension)}`,
      ),
      quoted(`Why: ${clip(oneLine(extension.reason), 1000)}`),
      ...state(policy, request, extension),
      context(`Asked ${when(extension.askedAt)} · ${code(request.id)}`),
      ...(status === 'waiting' ? [extensionButtons(request, extension)] : []),
    ],
  };
};

const state = (policy: Policy, request: GrantedRequest, extension: Extension): KnownBlock[] => {
  switch (extension.status) {
    case 'waiting':
      return [section(request.status === 'active' ? waits(policy, request, extension) : lapsed(extension))];
    case 'granted': {
      const by = approvals(policy, extension);
      return [
        section(`${by === '' ? 'No approval is needed for this' : `Approved by ${by}`} ${when(extension.answeredAt)}`),
      ];
    }
    case 'denied':
      return [
        section(`Denied by ${mention(policy, extension.deniedBy)} ${when(extension.answeredAt)}`),
        quoted(`Reason given: ${clip(oneLine(extension.deniedReason), 500)}`),
      ];
  }
};

const waits = (policy: Policy, { grant }: GrantedRequest, extension: Extension): string =>
  `${votes(policy, extension)}${whoIsLeft(policy, extension)} · lapses with the grant ${when(grant.endsAt)}`;

const lapsed = (extension: Extension): string =>
  extension.votes.length === 0
    ? 'The grant ended before anybody answered.'
    : 'The grant ended before enough people had approved.';

/** `blockId` tells it from the others of one message. */
export const extensionButtons = (request: GrantedRequest, extension: Extension, blockId = 'extension'): KnownBlock => {
  const value = pairId(request.id, extension.id);
  const what = `${howMuchMore(request, extension)} of ${request.entitlementId}`;
  return row(
    blockId,
    button(actions.approveExtension, value, { label: 'Approve', spoken: `Approve ${what}`, style: 'primary' }),
    button(actions.denyExtension, value, { label: 'Deny…', spoken: `Deny ${what}, with a reason` }),
  );
};
