import type { Button, KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { formatDuration } from '#core/duration.ts';
import { endAfter, waitingExtension } from '#core/grant/extension.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Extension, GrantedRequest, LiveRequest } from '#core/request/request.ts';
import { actions, button } from './buttons.ts';
import { bySecOf, grantedExtensions } from './extension-steps.ts';
import { mention } from './people.ts';
import { whatIn } from './request-words.ts';
import { mrkdwn, oneLine, plain, section, when } from './text.ts';
import { approvals, votes, whoIsLeft } from './vote-words.ts';

/** `30 min more`. */
export const howMuchMore = (request: AccessRequest, extension: Extension): string =>
  `${formatDuration(bySecOf(request, extension))} more`;

/** `30 min more, until <date>`. */
export const moreUntil = (request: GrantedRequest, extension: Extension): string =>
  `${howMuchMore(request, extension)}, until ${when(endAfter(request.grant, extension.durationSec))}`;

/** The same with what it is of: `30 min more of orders-admin in production (222222222222), until <date>`. */
export const moreOf = (policy: Policy, request: GrantedRequest, extension: Extension): string =>
  `${howMuchMore(request, extension)} of ${whatIn(policy, request)}, until ${when(endAfter(request.grant, extension.durationSec))}`;

/** None while one waits: only one is asked for at a time. */
export const extendButton = (request: LiveRequest): Button[] =>
  waitingExtension(request)
    ? []
    : [
        button(actions.extend, request.id, {
          label: 'Extend…',
          spoken: `Extend ${request.entitlementId}: ask for more time`,
        }),
      ];

/** So many are told apart; the audit has them all. */
const mostTold = 3;

/** What was granted, the newest last: `extended by 30 min, approved by <@U0BOB>`. */
export const extendedBy = (policy: Policy, request: AccessRequest): string[] => {
  const granted = grantedExtensions(request);
  const before = granted.length - mostTold;
  return [
    ...(before > 0 ? [`extended ${before === 1 ? 'once' : `${before} times`}`] : []),
    ...granted.slice(-mostTold).map((extension) => {
      const by = approvals(policy, extension);
      return `extended by ${formatDuration(bySecOf(request, extension))}${by && `, approved by ${by}`}`;
    }),
  ];
};

/** What became of the newest ask for more time, as long as the card does not show it by the grant's end. */
export const extensionState = (policy: Policy, request: LiveRequest): KnownBlock[] => {
  const last = request.extensions?.at(-1);
  switch (last?.status) {
    case 'waiting':
      return [
        section(
          `⏳ ${mention(policy, request.personId)} asks for ${moreUntil(request, last)} · ${votes(policy, last)}${whoIsLeft(policy, last)}`,
        ),
      ];
    case 'denied':
      return [
        {
          type: 'context',
          elements: [
            mrkdwn(
              `⛔ ${howMuchMore(request, last)}: denied by ${mention(policy, last.deniedBy)} ${when(last.answeredAt)}.`,
            ),
            plain(`Reason given: ${clip(oneLine(last.deniedReason), 300)}`),
          ],
        },
      ];
    case 'granted':
    case undefined:
      return [];
  }
};
