import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import { formatDuration } from '#core/duration.ts';
import { waitingExtension } from '#core/grant/extension.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { Refusal } from '#core/refusal.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import type { listRequests } from '#usecases/ask/list-requests.ts';
import { howMuchMore } from './extension-words.ts';
import { inSlack } from './next-step.ts';
import { anyOf } from './people.ts';
import { statusLabel, whatFor, whatIn } from './request-words.ts';
import { code, context, escaped, limits, oneLine, plain, quoted, section, when } from './text.ts';

/** What a slash command answers, to one person only. */
const answer = (text: string, blocks: KnownBlock[]): SlackMessage => ({ text: clip(text, limits.messageText), blocks });

/** Why something was not done, and what to do next. The words may quote what somebody typed. */
export const refusalAnswer = ({ message, next }: Pick<Refusal, 'message' | 'next'>): SlackMessage => {
  const advice = inSlack(next);
  return answer(`🚫 ${escaped(oneLine(message))} ${escaped(oneLine(advice))}`, [
    quoted(`🚫 ${clip(message, 1500)}`),
    { type: 'context', elements: [plain(advice, 1500)] },
  ]);
};

/** One sentence that something was done. `sentence` is our own words. */
export const doneAnswer = (sentence: string): SlackMessage => answer(`✅ ${sentence}`, [section(`✅ ${sentence}`)]);

export const askedAnswer = (policy: Policy, request: AccessRequest): SlackMessage => {
  const what = whatFor(policy, request);
  if (request.decision.verdict !== 'needs-approval') {
    return doneAnswer(`${what} needs no approval. A direct message says what to type as soon as it is active.`);
  }
  const approvers = anyOf(policy, request.decision.approvers) ?? 'Nobody';
  return answer(`⏳ Asked for ${what}.`, [
    section(`⏳ Asked for ${what}. ${approvers} can approve; the card is in <#${policy.slack.cardsChannel}>.`),
    context(`It lapses ${when(request.lapsesAt)} · take it back with \`/access cancel\` · ${code(request.id)}`),
  ]);
};

/** Slack takes 50 blocks in a message: https://docs.slack.dev/reference/block-kit/blocks/. Three lists of these fit. */
const mostShown = 12;

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

export const listAnswer = (
  policy: Policy,
  { mine, waitingForMe, extensionsForMe }: Listed,
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
    ...extensionsForMe.map((request) => {
      const extension = waitingExtension(request);
      const more = extension ? `${howMuchMore(request, extension)} of ` : '';
      return `${asks(request)} ${more}${whatIn(policy, request)} · lapses ${when(request.grant.endsAt)} · ${code(request.id)}`;
    }),
    ...waitingForMe.map(
      (request) =>
        `${asks(request)} ${whatFor(policy, request)} · lapses ${when(request.lapsesAt)} · ${code(request.id)}`,
    ),
  ];
  return answer(`Live: ${live.length}. Waiting for approval: ${pending.length}. Waiting for you: ${waiting.length}.`, [
    ...listed('Live', live, 'You have no access at the moment. Ask with `/access`.'),
    ...listed('Waiting for approval', pending, 'Nothing of yours waits.'),
    ...listed('Waiting for you', waiting, 'Nobody waits for your answer.'),
    ...(waiting.length > 0 ? [context(`Answer on the cards in <#${policy.slack.cardsChannel}>.`)] : []),
  ]);
};

export const helpAnswer = (): SlackMessage =>
  answer('How to use /access', [
    section('*Daypass lends AWS access for as long as you need it.*'),
    section(
      [
        '`/access` · ask with a form',
        '`/access orders-admin 30m fixing INC-42` · ask in one line: what, how long (may be left out), why',
        '`/access list` · your access, your requests, and what waits for you',
        '`/access extend 30m INC-42 takes longer` · ask for more time before your access ends (`/access extend [id]` opens a form)',
        '`/access done [id]` · end your access now',
        '`/access cancel [id]` · take a request back',
        '`/access lockdown person alice` · the panic button: ends everything of a `person`, `role` or `account` and blocks it until `/access lockdown lift …`; `/access lockdown` lists what is in force',
        `\`/access login CODE\` · let the \`${commandName}\` command on your machine act for you`,
      ].join('\n'),
    ),
    context(`Durations: \`90s\`, \`30m\`, \`1h30m\`, \`8h\`, \`1d\`. On your machine: \`${commandName} --help\``),
  ]);
