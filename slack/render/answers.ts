import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { Refusal } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { inSlack } from './next-step.ts';
import { anyOf } from './people.ts';
import { whatFor } from './request-words.ts';
import { code, context, escaped, limits, oneLine, plain, quoted, section, when } from './text.ts';

/** What a slash command answers, to one person only. */
export const answer = (text: string, blocks: KnownBlock[]): SlackMessage => ({
  text: clip(text, limits.messageText),
  blocks,
});

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
  // It is posted after this answer; where Slack does not take it, a direct message says so.
  return answer(`⏳ Asked for ${what}.`, [
    section(`⏳ Asked for ${what}. ${approvers} can approve; the card goes to <#${policy.slack.cardsChannel}>.`),
    context(`It lapses ${when(request.lapsesAt)} · take it back with \`/access cancel\` · ${code(request.id)}`),
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
