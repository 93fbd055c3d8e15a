import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveRequest } from '#core/request/request.ts';
import { messageProblems } from '#local/workspace/block-kit/blocks.ts';
import { viewProblems } from '#local/workspace/block-kit/view.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { alertCard, repeatReply } from '#slack/render/alert-card.ts';
import { askedAnswer, helpAnswer, refusalAnswer } from '#slack/render/answers.ts';
import { extensionCard } from '#slack/render/extension-card.ts';
import { denyExtensionModal, extendModal } from '#slack/render/extension-modals.ts';
import { extensionAnswer, extensionNote } from '#slack/render/extension-notes.ts';
import { listAnswer } from '#slack/render/list-answer.ts';
import { loginCard, programLetInNote } from '#slack/render/login-card.ts';
import { alertDetails, refusedModal } from '#slack/render/modals.ts';
import { requestCard } from '#slack/render/request-card.ts';
import { askedNote, closedNote, interruptedNote, liveNote } from '#slack/render/requester-note.ts';
import { policy } from '#test/slack/world.ts';
import { anyAlert, anyRequest, hostile } from './states.ts';

/**
 * Above about 13,200 characters Slack answers `msg_blocks_too_long`: https://github.com/slackapi/bolt-js/issues/2509
 */
const mostCharacters = 13_200;

/** In every text of every block, buttons and dialogs included. */
const charactersIn = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + charactersIn(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + (name === 'text' && typeof each === 'string' ? [...each].length : charactersIn(each)),
    0,
  );
};

const problemsOf = (message: SlackMessage): string[] => [
  ...messageProblems(message.blocks),
  ...(message.text.trim() === '' ? ['the text is empty'] : []),
  ...([...message.text].length > 4000 ? ['the text is too long'] : []),
  ...(charactersIn(message.blocks) > mostCharacters ? ['the blocks are too long'] : []),
];

type Markup = { type: string; text: string };

/** Every piece that Slack reads as markup: mrkdwn objects and the message's own text. */
const markupOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(markupOf);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as Markup;
  return type === 'mrkdwn' ? [text] : Object.values(value).flatMap(markupOf);
};

/** What Slack makes of angle brackets: only what we write ourselves may be there. */
const ours =
  /^<(?:@U0(?:ALICE|BOB|CAROL|DAVE)|#C0ACCESS|!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[\d: -]+ UTC|https:\/\/daypass\.example\.com\/cli)>$/;
const foreignMarkup = (message: SlackMessage): string[] =>
  [message.text, ...markupOf(message.blocks)]
    .flatMap((text) => text.match(/<[^>]*>?|>/g) ?? [])
    .filter((token) => !ours.test(token));

const deceptive = /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff]/u;

const checks = (message: SlackMessage) => {
  expect(problemsOf(message)).toEqual([]);
  expect(foreignMarkup(message)).toEqual([]);
  expect(JSON.stringify(message)).not.toMatch(deceptive);
};

describe('whatever somebody wrote and whatever the state, Slack takes the message and reads no markup of theirs', () => {
  it('on the card', () => {
    fc.assert(fc.property(anyRequest, (request) => checks(requestCard(policy, request))));
  });

  it('in the direct messages', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        checks(askedNote(policy, request));
        checks(liveNote(policy, request, 'https://daypass.example.com'));
        const closed = closedNote(policy, request);
        if (closed) checks(closed);
        for (const extension of request.extensions ?? []) {
          const told = extensionNote(policy, request, extension);
          if (told) checks(told);
        }
        const issuedBefore = '2026-11-22T10:05:30.000Z';
        if (request.status !== 'active') return;
        const interrupted = interruptedNote(policy, { ...request, interrupted: { issuedBefore } });
        if (interrupted) checks(interrupted);
      }),
    );
  });

  it('on what approvers are asked when somebody needs more time, and in the forms', () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(1_000_000), fc.nat(1_000_000), (request, mostSec, leftSec) => {
        if (!('grant' in request)) return;
        for (const extension of request.extensions ?? []) {
          checks(extensionCard(policy, request, extension));
          checks(requestCard(policy, { ...request, status: 'active', extensions: [extension] } as LiveRequest));
          if (request.status === 'active') checks(extensionAnswer(policy, request, extension));
        }
        if (request.status !== 'active') return;
        const view = extendModal(policy, { request, mostSec, leftSec }, '01JDBBBBBBBBBBBBBBBBBBBBBB');
        expect(viewProblems(view)).toEqual([]);
      }),
    );
    expect(viewProblems(denyExtensionModal('01JDAAAAAAAAAAAAAAAAAAAAAA.01JDBBBBBBBBBBBBBBBBBBBBBB'))).toEqual([]);
  });

  it('in the answers of the command', () => {
    fc.assert(
      fc.property(fc.array(anyRequest, { maxLength: 60 }), fc.constantFrom(...hostile), (requests, text) => {
        const extensionsForMe = requests.filter(({ status }) => status === 'active') as LiveRequest[];
        const next = text.length % 2 === 0 ? { waiting: '01JDAAAAAAAAAAAAAAAAAAAAAA' } : {};
        const listed = { mine: requests, waitingForMe: requests, extensionsForMe, next };
        checks(listAnswer(policy, listed, 1_795_341_600_000));
        for (const request of requests.slice(0, 3)) checks(askedAnswer(policy, request));
        checks(refusalAnswer({ message: text, next: text }));
      }),
      { numRuns: 40 },
    );
    checks(helpAnswer());
  });

  it('on the alert, in its thread and in its details', () => {
    fc.assert(
      fc.property(anyAlert, (alert) => {
        checks(alertCard(policy, alert));
        checks(repeatReply(alert));
        expect(viewProblems(alertDetails(alert))).toEqual([]);
      }),
    );
  });

  it('when a login is to be confirmed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hostile), fc.constantFrom(...hostile), (program, host) => {
        const login = {
          id: 'l',
          version: 1,
          deviceCodeHash: 'h',
          userCode: 'BCDF-GHJK',
          askedFrom: { ip: '198.51.100.7', program, host },
          askedAt: '2026-11-22T10:00:00.000Z',
          codeExpiresAt: '2026-11-22T10:10:00.000Z',
        };
        const personId = 'alice';
        const at = '2026-11-22T10:00:00.000Z';
        checks(loginCard({ ...login, status: 'waiting' }));
        checks(loginCard({ ...login, status: 'denied' }));
        checks(loginCard({ ...login, status: 'confirmed', personId, confirmedAt: at }));
        checks(loginCard({ ...login, status: 'active', personId, tokenHash: 'hash', tokenExpiresAt: at }));
        checks(loginCard({ ...login, status: 'revoked', personId }));
        checks(programLetInNote(login.id, at));
        expect(viewProblems(refusedModal({ message: program, next: host }))).toEqual([]);
      }),
    );
  });
});
