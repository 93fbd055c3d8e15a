import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import { formatDuration } from '#core/duration.ts';
import { waitingExtension } from '#core/grant/extension.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import type { listRequests } from '#usecases/ask/list-requests.ts';
import { answer } from './answers.ts';
import { extensionButtons } from './extension-card.ts';
import { howMuchMore } from './extension-words.ts';
import { voteButtons } from './request-card.ts';
import { statusLabel, whatFor, whatIn } from './request-words.ts';
import { code, context, escaped, oneLine, quoted, section, when } from './text.ts';

/**
 * Slack takes 50 blocks in a message: https://docs.slack.dev/reference/block-kit/blocks/. Two lists of these fit, with
 * those that are answered here.
 */
const mostShown = 10;
/** Each is three blocks. */
export const mostAnswered = 7;

const listed = (title: string, lines: readonly string[], empty: string): KnownBlock[] => [
  section(`*${title}*${lines.length === 0 ? `\n${empty}` : ''}`),
  ...lines.slice(0, mostShown).map(section),
  ...(lines.length > mostShown ? [context(`and ${lines.length - mostShown} more: \`${commandName} list\``)] : []),
];

/** How long a grant still runs, seen from `nowMs`. */
const timeLeft = (endsAt: string, nowMs: number): string =>
  formatDuration(Math.max(0, (Date.parse(endsAt) - nowMs) / 1000));

type Listed = Awaited<ReturnType<typeof listRequests>>;

const waitingMore = (request: LiveRequest): string => {
  const extension = waitingExtension(request);
  return extension ? ` · asked for ${howMuchMore(request, extension)}` : '';
};

/** What somebody has, and what waits for them, to be answered right there: the card may not be where it should. */
export const listAnswer = (
  policy: Policy,
  { mine, waitingForMe, extensionsForMe, next }: Listed,
  nowMs: number,
): SlackMessage => {
  const live = mine.flatMap((request) =>
    request.status === 'active' || request.status === 'ending'
      ? `${statusLabel(request)} · ${whatFor(policy, request)}${
          request.status === 'active'
            ? ` · ${timeLeft(request.grant.endsAt, nowMs)} left, until ${when(request.grant.endsAt)}${waitingMore(request)}`
            : ''
        } · ${code(request.id)}`
      : [],
  );
  const pending = mine.flatMap((request) =>
    request.status === 'pending' || request.status === 'approved'
      ? `${statusLabel(request)} · ${whatFor(policy, request)}${
          request.status === 'pending' ? ` · lapses ${when(request.lapsesAt)}` : ''
        } · ${code(request.id)}`
      : [],
  );
  const asks = (request: AccessRequest): string => `${escaped(nameOf(policy, request.personId))} asks for`;
  const waiting = [
    ...extensionsForMe.map((request, index) => {
      const extension = waitingExtension(request);
      const more = extension ? `${howMuchMore(request, extension)} of ` : '';
      const line = `${asks(request)} ${more}${whatIn(policy, request)} · lapses ${when(request.grant.endsAt)} · ${code(request.id)}`;
      const why = extension ? [quoted(`Why: ${clip(oneLine(extension.reason), 300)}`)] : [];
      return [section(line), ...why, ...(extension ? [extensionButtons(request, extension, `more-${index}`)] : [])];
    }),
    ...waitingForMe.map((request, index) => [
      section(`${asks(request)} ${whatFor(policy, request)} · lapses ${when(request.lapsesAt)} · ${code(request.id)}`),
      quoted(`Why: ${clip(oneLine(request.reason), 300)}`),
      voteButtons(request, `vote-${index}`),
    ]),
  ];
  const moreWait = next.waiting !== undefined || next.extensions !== undefined;
  const count = `${waiting.length}${moreWait ? ' or more' : ''}`;
  return answer(`Live: ${live.length}. Waiting for approval: ${pending.length}. Waiting for you: ${count}.`, [
    ...listed('Live', live, 'You have no access at the moment. Ask with `/access`.'),
    ...listed('Waiting for approval', pending, 'Nothing of yours waits.'),
    section(`*Waiting for you*${waiting.length === 0 ? '\nNobody waits for your answer.' : ''}`),
    ...waiting.slice(0, mostAnswered).flat(),
    ...(waiting.length > 0
      ? [
          context(
            `${waiting.length > mostAnswered || moreWait ? `${count} wait; these come first. ` : ''}` +
              `Answer here or on the cards in <#${policy.slack.cardsChannel}>, then type \`/access list\` for what is left.`,
          ),
        ]
      : []),
  ]);
};
