import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { formatDuration } from '#core/duration.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { actions, button, row } from './buttons.ts';
import { grantedExtensions, lengthOf } from './extension-steps.ts';
import { extendButton, extendedBy, extensionState } from './extension-words.ts';
import { mention, nameIn } from './people.ts';
import { accountName, endedBecause, statusLabel, verbOf, verifiedEnd, whatFor } from './request-words.ts';
import { code, context, escaped, inert, limits, mrkdwn, oneLine, quoted, section, when } from './text.ts';
import { approvals, freshVoteWords, needsFreshVote, type VotedOn, votes, whoIsLeft } from './vote-words.ts';

/**
 * The one card of a request in the cards channel: posted once, then updated in place through the request's whole life.
 */
export const requestCard = (policy: Policy, request: AccessRequest): SlackMessage => ({
  text: clip(
    `${statusLabel(request)}: ${nameIn(policy, request.personId)} ${verbOf(request)} ${escaped(request.entitlementId)} ` +
      `for ${formatDuration(lengthOf(request))}. Reason: ${inert(request.reason, 300)}`,
    limits.messageText,
  ),
  blocks: [
    section(
      `*${statusLabel(request)}*\n${mention(policy, request.personId)} ${verbOf(request)} ${whatFor(policy, request)}`,
    ),
    facts(policy, request),
    quoted(why(request)),
    ...state(policy, request),
    context(`Asked ${when(request.askedAt)}${approvedBy(policy, request)} · ${code(request.id)}`),
    ...buttons(request),
  ],
});

/** Who let it happen stays on the card for good. */
const approvedBy = (policy: Policy, request: AccessRequest): string => {
  const over = request.status === 'ending' || request.status === 'ended';
  const by = approvals(policy, request);
  if (!over) return '';
  return [...(by === '' ? [] : [`approved by ${by}`]), ...extendedBy(policy, request)]
    .map((each) => ` · ${each}`)
    .join('');
};

const why = ({ reason, ticket }: AccessRequest): string =>
  `Why: ${clip(oneLine(reason), 1000)}${ticket === undefined ? '' : `\nTicket: ${clip(oneLine(ticket), 200)}`}`;

const facts = (policy: Policy, request: AccessRequest): KnownBlock => {
  const description = policy.entitlements.find((candidate) => candidate.id === request.entitlementId)?.description;
  const fields = [
    `*What*\n${description === undefined ? code(request.entitlementId) : inert(description)}`,
    `*Where*\n${accountName(policy, request.accountId)}, role ${code(request.roleName)}`,
    `*How long*\n${formatDuration(lengthOf(request))}`,
  ];
  return { type: 'section', fields: fields.map((field) => mrkdwn(field, limits.sectionField)) };
};

const state = (policy: Policy, request: AccessRequest): KnownBlock[] => {
  switch (request.status) {
    case 'pending':
      return [
        section(`${votes(policy, request)}${whoIsLeft(policy, request)} · lapses ${when(request.lapsesAt)}`),
        ...(needsFreshVote(request) ? [section(`⚠️ ${freshVoteWords(policy, request)}.`)] : []),
      ];
    case 'approved':
      return [section(`${votes(policy, request)} · the access is being set up`)];
    case 'active':
      return [
        section(
          [`Ends ${when(request.grant.endsAt)}`, votes(policy, request), ...extendedBy(policy, request)].join(' · '),
        ),
        ...unapproved(request).map((part) =>
          section(`⚠️ *No more credentials are handed out.* ${freshVoteWords(policy, part)}${whoIsLeft(policy, part)}.`),
        ),
        ...extensionState(policy, request),
      ];
    case 'ending':
      return [
        section(`${endedBecause(policy, request.end)} ${when(request.end.at)} · nothing more is handed out`),
        ...(request.failure
          ? [
              section(
                `Its sessions could not be revoked since ${when(request.failure.since)} (${request.failure.attempts} tries). ` +
                  'Daypass goes on trying; each credential also ends by itself. ' +
                  `If it is urgent, attach the deny to ${code(request.roleName)} by hand (IAM, role, Revoke sessions), which ends everybody's sessions on it.`,
              ),
              quoted(`Last error: ${clip(oneLine(request.failure.error), 500)}`),
            ]
          : []),
      ];
    case 'ended':
      return [section(`${endedBecause(policy, request.end)} ${when(request.end.at)} · ${verifiedEnd(request)}`)];
    case 'denied':
      return [
        section(`Denied by ${mention(policy, request.deniedBy)} ${when(request.closedAt)}`),
        quoted(`Reason given: ${clip(oneLine(request.deniedReason), 500)}`),
      ];
    case 'cancelled':
      return [section(`Taken back by ${mention(policy, request.personId)} ${when(request.closedAt)}`)];
    case 'lapsed':
      return [
        section(`Nobody answered in time: it lapsed ${when(request.closedAt)}. Ask again if it is still needed.`),
      ];
    case 'refused':
      return [
        section(`Refused by the access policy ${when(request.closedAt)}`),
        ...(request.decision.verdict === 'refused' && request.decision.reasons.length > 0
          ? [quoted(clip(request.decision.reasons.map(oneLine).join(' '), 1000))]
          : []),
      ];
  }
};

/** What a live grant rests on and nobody vouches for any more: the request, or more time that was granted. */
export const unapproved = (request: LiveRequest): VotedOn[] =>
  [request, ...grantedExtensions(request)].filter(needsFreshVote);

const approveButton = (request: AccessRequest): ReturnType<typeof button> =>
  button(actions.approve, request.id, {
    label: 'Approve',
    spoken: `Approve the request for ${request.entitlementId}`,
    style: 'primary',
  });

/** `blockId` tells it from the others of one message. */
export const voteButtons = (request: AccessRequest, blockId = 'request'): KnownBlock =>
  row(
    blockId,
    approveButton(request),
    button(actions.deny, request.id, {
      label: 'Deny…',
      spoken: `Deny the request for ${request.entitlementId}, with a reason`,
    }),
  );

const buttons = (request: AccessRequest): KnownBlock[] => {
  switch (request.status) {
    case 'pending':
      return [voteButtons(request)];
    case 'active':
      return [
        row(
          'request',
          ...(unapproved(request).length > 0 ? [approveButton(request)] : []),
          doneButton(request),
          ...extendButton(request),
          revokeButton(request),
        ),
      ];
    case 'approved':
    case 'ending':
    case 'ended':
    case 'denied':
    case 'cancelled':
    case 'lapsed':
    case 'refused':
      return [];
  }
};

export const doneButton = (request: AccessRequest): ReturnType<typeof button> =>
  button(actions.done, request.id, {
    label: "I'm done",
    spoken: `I’m done with ${request.entitlementId}: end it now`,
  });

const revokeButton = (request: AccessRequest): ReturnType<typeof button> =>
  button(actions.revoke, request.id, {
    label: 'Revoke',
    spoken: `Revoke the grant of ${request.entitlementId}`,
    style: 'danger',
    confirm: {
      title: 'Revoke this access?',
      text: 'Its sessions are denied within seconds and cannot be brought back. Other grants on the role go on.',
      yes: 'Revoke',
    },
  });
