import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import { formatDuration } from '#core/duration.ts';
import { waitingExtension } from '#core/grant/extension.ts';
import type { Login } from '#core/login/login.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { Refusal } from '#core/refusal.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import type { listRequests } from '#usecases/ask/list-requests.ts';
import { actions, button, row } from './buttons.ts';
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

/** Asks before a program is let in: anybody can start a login and send its code to somebody else. */
export const loginAnswer = (login: Login): SlackMessage => {
  const { ip, program, host } = login.askedFrom;
  const origin = [`Program: ${program}`, ...(host === undefined ? [] : [`On machine: ${host}`]), `From address: ${ip}`];
  return answer(`Confirm the login with code ${login.userCode}? Only if you started it yourself, just now.`, [
    section(`*Let a program act for you?* Code ${code(login.userCode)}, asked for ${when(login.askedAt)}`),
    quoted(origin.map((line) => clip(oneLine(line), 300)).join('\n')),
    section(
      '⚠️ *Only if you started this yourself, just now.* If somebody sent you the code, they are trying to act as you. ' +
        'Program and machine are what it says about itself.',
    ),
    row(
      'login',
      button(actions.confirmLogin, login.userCode, {
        label: 'Confirm',
        spoken: 'Confirm: I started this login',
        style: 'primary',
      }),
      button(actions.denyLogin, login.userCode, {
        label: 'Not me',
        spoken: 'Not me: turn this login away',
        style: 'danger',
      }),
    ),
  ]);
};

export const loggedInAnswer = (login: Login): SlackMessage => {
  const { program, host } = login.askedFrom;
  const who = `${oneLine(program)}${host === undefined ? '' : ` on ${oneLine(host)}`}`;
  return answer(`✅ Logged in: ${escaped(clip(who, 300))}.`, [
    section('✅ *Logged in.* The program on your machine goes on by itself.'),
    quoted(clip(who, 300)),
    context(`It can do what you can for 8 h. End it with \`${commandName} logout\``),
  ]);
};

/** A direct message after a program's login was confirmed, so that a confirmation under somebody's name is noticed. */
export const programLetInNote = (): SlackMessage =>
  answer('A program on your machine may now act for you, for 8 h.', [
    section('🔑 *A program may now act for you*, for 8 h: you confirmed its login.'),
    context('That was not you? Tell your security people now: whoever has it can ask for access in your name.'),
  ]);
