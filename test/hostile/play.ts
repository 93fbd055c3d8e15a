import type { Context } from 'aws-lambda';
import { build as api } from '#functions/api/handler.ts';
import { build as mint } from '#functions/mint-credentials/handler.ts';
import { build as slackEvents } from '#functions/slack-events/handler.ts';
import { type Case, casesOn, type Sent } from './cases.ts';
import { changesIn, wrongEvent, wrongIn } from './judge.ts';
import type { Stage } from './stage.ts';

/** Nobody calls so often within a minute of a clock that stands still. */
const unhurried = () => undefined;

type Played = { name: string; status: number; changed: boolean; wrong: string[] };

/** Sends one case through the deployed handlers, says what is wrong about what came of it, and puts everything back. */
export const playOn = async (stage: Stage) => {
  const { ports } = stage;
  const handlers = {
    slack: slackEvents(ports),
    api: api(ports, 'https://daypass.example.com', async () => '#!/usr/bin/env node\n', unhurried),
    mint: mint(ports, { region: 'us-east-1' }, unhurried),
  };
  const { sentBy, any, real } = casesOn(stage);
  await stage.wrote();
  const before = await stage.items();

  const play = async (given: Case): Promise<Played> => {
    const sent = sentBy(given);
    const { statusCode: status = 0, body = '' } = await handlers[sent.to](sent.event, {} as Context);
    const { events, errors } = stage.told();
    const after = (await stage.wrote()) ? await stage.items() : before;
    const changes = changesIn(before, after);
    if (changes.length > 0) await stage.restore(before, after);
    const wrong = [
      ...changes.flatMap((change) => wrongIn(change, sent) ?? []),
      ...events.flatMap((event) => wrongEvent(event, sent) ?? []),
      ...wrongAnswer(sent, status, body),
      ...errors.map((line) => `logged as an error: ${line}`),
    ];
    return { name: sent.name, status, changed: changes.some(({ key }) => !key.startsWith('REPLY')), wrong };
  };
  return { play, any, real };
};

/** No answer is a fault of ours, and what is refused says why, to programs with a next step. */
const wrongAnswer = ({ to, event }: Sent, status: number, body: string): string[] => {
  const allowed = to === 'slack' ? [200, 400, 413] : [200, 201, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429];
  if (!allowed.includes(status)) return [`the answer is ${status}`];
  if (status < 400) return [];
  if (to === 'slack') return /\. \S/.test(body) ? [] : [`${status} says ${body}`];
  const { error } = JSON.parse(body) as { error: string | { message: string; next: string } };
  const isOauth = event.rawPath.startsWith('/v1/device/') && typeof error === 'string';
  return isOauth || (typeof error === 'object' && error.message !== '' && error.next !== '')
    ? []
    : [`${status} says ${body}`];
};
