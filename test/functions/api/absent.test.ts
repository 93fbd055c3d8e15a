import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { config as mintConfig } from '#functions/mint-credentials/config.ts';
import { build as buildMint } from '#functions/mint-credentials/handler.ts';
import { startWorld, type World } from '#test/slack/world.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { caller, eventOf, logIn } from './call.ts';

/** What is about one thing answers the same, byte for byte, where there is none and where it is somebody else's. */

const absent = '01KAN0DAYPASS0000000000000';
const mintRoutes = mintConfig.trigger.kind === 'http' ? mintConfig.trigger.routes : [];
const about = [...routes.map(({ method, path }) => `${method} ${path}`), ...mintRoutes].filter((route) =>
  route.includes('{id}'),
);
const ofRequests = about.filter((route) => route.includes('/requests/'));
/** Who may approve a request gets to see it. */
const unseen = ofRequests.filter((route) => !route.startsWith('GET'));

let world: World;
const tokens: Record<string, string> = {};
/** A thing of alice's in each state. */
const ids: Record<string, string> = {};
const states = ['pending', 'refused', 'cancelled', 'active', 'ending'];

const ask = async (state: string, entitlementId = 'orders-admin', durationSec = 20): Promise<string> => {
  const requestId = world.ports.ids.ulid();
  await submitRequest(
    { requestId, personId: 'alice', entitlementId, durationSec, reason: 'fixing INC-42' },
    world.ports,
  );
  ids[state] = requestId;
  return requestId;
};

const live = async (state: string): Promise<string> => {
  const requestId = await ask(state);
  await castVote({ requestId, personId: 'bob', verdict: 'approve' }, world.ports);
  await activateGrant({ requestId }, world.ports);
  return requestId;
};

beforeAll(async () => {
  world = await startWorld();
  for (const name of ['alice', 'bob', 'dave']) tokens[name] = await logIn(caller(world), world, name);
  await ask('pending');
  await ask('refused', 'orders-admin', 9 * 3600);
  await cancelRequest({ requestId: await ask('cancelled'), personId: 'alice' }, world.ports);
  await live('active');
  await endGrant({ requestId: await live('ending'), personId: 'alice', reason: 'done' }, world.ports);
  const lockdownId = world.ports.ids.ulid();
  const scope = { kind: 'account', accountId: '333333333333' } as const;
  const told = { grants: 0, sessions: 0, waiting: 0 };
  await beginLockdown({ lockdownId, scope, reason: 'INC-42', personId: 'bob', told }, world.ports);
  ids.lockdown = lockdownId;
});
afterAll(() => world.stop());

/** Status, headers and body of the deployed handler, as they leave it. */
const answerOf = async (route: string, id: string, name: string): Promise<string> => {
  const [method = '', pattern = ''] = route.split(' ');
  const body = route.endsWith('/extend') ? { duration: '30m', reason: 'INC-42 takes longer' } : {};
  const token = tokens[name] ?? '';
  const asked = { method, path: pattern.replace('{id}', id), token, ...(method === 'POST' && { body }) };
  if (!mintRoutes.includes(route)) return JSON.stringify(await caller(world)(asked));
  const mint = buildMint(world.ports, { region: 'us-east-1' });
  return JSON.stringify(await mint({ ...eventOf(asked), pathParameters: { id } }, {} as Context));
};

it('the table is over every route that is about one thing, and everything in it is there', async () => {
  expect(about).toEqual([
    'GET /v1/requests/{id}',
    'POST /v1/requests/{id}/end',
    'POST /v1/requests/{id}/extend',
    'POST /v1/requests/{id}/cancel',
    'GET /v1/lockdowns/{id}',
    'POST /v1/requests/{id}/credentials',
  ]);
  for (const state of states) {
    expect(await world.ports.requests.get(ids[state] ?? '')).toMatchObject({ status: state });
    expect(JSON.parse(await answerOf('GET /v1/requests/{id}', ids[state] ?? '', 'alice')).status).toBe(200);
  }
  expect(JSON.parse(await answerOf('GET /v1/lockdowns/{id}', ids.lockdown ?? '', 'bob')).status).toBe(200);
});

describe('absent and not yours read the same', () => {
  const cases = states.flatMap((state) => [
    ...ofRequests.map((route) => ({ state, route, name: 'dave' })),
    ...unseen.map((route) => ({ state, route, name: 'bob' })),
  ]);

  it.each(cases)('$route, $state, to $name', async ({ state, route, name }) => {
    const theirs = await answerOf(route, ids[state] ?? '', name);
    expect(theirs).toBe(await answerOf(route, absent, name));
    expect(theirs).toBe(await answerOf(route, 'no-id', name));
    expect(theirs).toContain('There is no request that you can see.');
  });

  it.each(['alice', 'dave'])('a lockdown, to %s', async (name) => {
    const route = 'GET /v1/lockdowns/{id}';
    expect(await answerOf(route, ids.lockdown ?? '', name)).toBe(await answerOf(route, absent, name));
  });

  it.each(
    states.flatMap((state) =>
      ['U0BOB', 'U0DAVE'].flatMap((who) =>
        ['done ID', 'cancel ID', 'extend ID 30m INC-42 takes longer'].map((typed) => ({ state, who, typed })),
      ),
    ),
  )('/access $typed, $state, typed by $who', async ({ state, who, typed }) => {
    const said = async (id: string) => (await world.command(typed.replace('ID', id), who)).body;
    expect(await said(ids[state] ?? '')).toBe(await said(absent));
  });
});
