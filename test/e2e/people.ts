import { expect } from 'vitest';
import { until } from '#test/kit/until.ts';
import type { Actors, Credentials } from './actors.ts';
import type { Message } from './slack-stand-in.ts';

export type Minted = { credentials: Credentials & { expiresAt: string }; requestId: string };
type Listed = { mine: { id: string; status: string }[] };

const ulid = /[0-7][0-9A-HJKMNP-TV-Z]{25}/;

/** Somebody asks in Slack. Returns the card that appears, which later updates change in place, and the request's id. */
export const ask = async (world: Actors, userId: string, text: string): Promise<{ card: Message; id: string }> => {
  const before = world.cards('C0ACCESS').length;
  expect((await world.command(userId, text)).status).toBe(200);
  const card = await until('the card', () => world.cards('C0ACCESS')[before]);
  const id = ulid.exec(JSON.stringify(card.blocks))?.[0] ?? '';
  expect(id).toMatch(ulid);
  return { card, id };
};

/** Somebody asks, these people approve, and the grant is live. */
export const grant = async (
  world: Actors,
  userId: string,
  text: string,
  ...approverIds: string[]
): Promise<{ card: Message; id: string }> => {
  const asked = await ask(world, userId, text);
  for (const approverId of approverIds) await world.click(approverId, asked.card, 'Approve');
  await until('a live grant', () => asked.card.text.includes('Active'));
  return asked;
};

export const mint = async (world: Actors, token: string, id: string): Promise<Credentials> => {
  const { status, body } = await world.api<Minted>(token, 'POST', `/requests/${id}/credentials`);
  expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
  return body.credentials;
};

export const statusOf = async (world: Actors, token: string, id: string): Promise<string | undefined> =>
  (await world.api<Listed>(token, 'GET', '/requests')).body.mine.find((request) => request.id === id)?.status;

export const ended = (world: Actors, token: string, id: string): Promise<boolean> =>
  until('the end, verified', async () => (await statusOf(world, token, id)) === 'ended');
