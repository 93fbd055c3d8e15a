import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { config } from '#functions/api/config.ts';
import { matchRoute } from '#functions/api/route.ts';
import { routes } from '#functions/api/routes.ts';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Call, caller, logIn } from './call.ts';
import { samplePolicy } from './sample-policy.ts';

let world: ApiWorld;
let call: Call;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
});
afterAll(() => world.stop());

const open = [
  'GET /v1/health',
  'GET /device',
  'GET /cli',
  'GET /cli/daypass.mjs',
  'POST /v1/device/authorize',
  'POST /v1/device/token',
];
const someId = '01KAN0DAYPASS0000000000000';
const named = routes.map((route) => ({ ...route, name: `${route.method} ${route.path}` }));

it('the deployed routes are the ones that are answered', () => {
  expect(config.trigger).toMatchObject({ kind: 'http', routes: named.map(({ name }) => name) });
});

describe('without a token that is good', () => {
  const closed = named.filter(({ name }) => !open.includes(name));
  const tokens: Record<string, Record<string, string>> = {
    'no header': {},
    'an empty header': { authorization: '' },
    'a token that never was': { authorization: `Bearer ${'x'.repeat(43)}` },
    'another scheme': { authorization: 'Basic YWxpY2U6YWxpY2U=' },
    'two headers in one': { authorization: `Bearer ${'x'.repeat(43)}, Bearer ${'y'.repeat(43)}` },
    'something that is not a token': { authorization: 'Bearer __proto__ constructor' },
  };

  it('there is more that is closed than open', () => {
    expect(closed).toHaveLength(13);
  });

  for (const { method, path, name } of closed) {
    for (const [what, headers] of Object.entries(tokens)) {
      it(`${name} with ${what} is 401 and says how to log in`, async () => {
        const answer = await call({ method, path: path.replace('{id}', someId), headers });
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="daypass"');
        expect(answer.body).toMatchObject({
          error: {
            code: 'unknown-person',
            next: 'Get a token with POST /v1/device/authorize, then POST /v1/device/token.',
            nextStep: { do: 'log-in' },
          },
        });
      });
    }
  }
});

it('a person who was removed from the policy gets nothing any more', async () => {
  const token = await logIn(call, world, 'alice');
  expect((await call({ path: '/v1/whoami', token })).status).toBe(200);
  world.govern({ ...samplePolicy, people: samplePolicy.people.filter(({ id }) => id !== 'alice') });
  const answer = await call({ path: '/v1/whoami', token });
  world.govern(samplePolicy);
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ error: { message: 'The access policy does not know you any more.' } });
});

it('tells a person who they are and what they may ask for, and nothing else', async () => {
  const token = await logIn(call, world, 'alice');
  expect((await call({ path: '/v1/whoami', token })).body).toEqual({
    id: 'alice',
    name: 'Alice',
    emails: ['alice@example.com'],
    groups: ['developers'],
  });
  const answer = await call({ path: '/v1/entitlements', token });
  expect(answer.text).not.toContain('audit-read');
  expect(answer.body).toMatchObject({
    entitlements: [
      { id: 'orders-read', account: { id: '222222222222', name: 'production' }, approval: { count: 0, groups: [] } },
      { id: 'orders-admin', approval: { count: 1, groups: ['leads'] }, minDurationSec: 5, maxDurationSec: 14_400 },
      { id: 'payments-admin', approval: { count: 2, groups: ['leads'] }, maxDurationSec: 7200 },
    ],
  });
});

it('somebody in no group may ask for nothing', async () => {
  const token = await logIn(call, world, 'dave');
  expect((await call({ path: '/v1/entitlements', token })).body).toEqual({ entitlements: [] });
});

it('is healthy for everybody', async () => {
  expect(await call({ path: '/v1/health' })).toMatchObject({ status: 200, body: { status: 'ok' } });
});

it('a route that is not there is named, whoever asks', async () => {
  const answer = await call({ method: 'POST', path: '/v1/nothing' });
  expect(answer).toMatchObject({
    status: 404,
    body: { error: { code: 'no-such-route', message: 'There is no route POST /v1/nothing.' } },
  });
  for (const path of ['/', '/v1', '/v1/requests/', '/v1/requests/a/b', '/v1/whoami/', '/V1/whoami', '//v1/whoami']) {
    expect((await call({ path })).status).toBe(404);
  }
});

it('a method that a route does not take is 405 with those it does', async () => {
  const answer = await call({ method: 'DELETE', path: '/v1/requests' });
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe('POST, GET');
  expect((await call({ method: 'GET', path: '/v1/device/token' })).headers.allow).toBe('POST');
});

it('no answer is kept, framed or guessed at by a browser', async () => {
  for (const path of ['/v1/health', '/v1/whoami', '/device', '/v1/nothing']) {
    const { headers } = await call({ path });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  }
});

it('the page of a login says what to type and to be careful, whatever its address carries', async () => {
  const answer = await call({ path: '/device' });
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('/access login CODE');
  expect(answer.text).toContain('only if you started it yourself');
  expect(answer.text).not.toContain('<script');
});

it('an id that no request can have is not there, and never reaches the database', async () => {
  const token = await logIn(call, world, 'alice');
  for (const id of [
    '1',
    'REQUEST%23x',
    '..',
    '%00',
    `${someId}0`,
    '81KAN0DAYPASS0000000000000',
    someId.toLowerCase(),
  ]) {
    const answer = await call({ path: `/v1/requests/${id}`, token });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { message: 'There is no request that you can see.' } });
  }
});

it('a failing database is 503 and says to try again, not why', async () => {
  const token = await logIn(call, world, 'alice');
  const { DaypassError } = await import('#core/errors.ts');
  const broken = caller({
    ...world,
    ports: {
      ...world.ports,
      requests: {
        ...world.ports.requests,
        get: async () => {
          throw new DaypassError('StoreUnavailable', 'The requests could not be reached in the database.');
        },
      },
    },
  });
  const answer = await broken({ path: `/v1/requests/${someId}`, token });
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('1');
  expect(answer.body).toEqual({
    error: {
      code: 'store-unavailable',
      message: 'The requests could not be reached in the database.',
      next: 'Try again in a moment.',
    },
  });
});

it('a mistake of ours is 500 without a word of what it was, in the answer and in the log', async () => {
  const token = await logIn(call, world, 'alice');
  const broken = caller({
    ...world,
    ports: {
      ...world.ports,
      requests: {
        ...world.ports.requests,
        get: async () => {
          throw new TypeError('secret-in-a-message');
        },
      },
    },
  });
  const answer = await broken({ path: `/v1/requests/${someId}`, token });
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'unexpected' } } });
  expect(answer.text).not.toContain('secret-in-a-message');
  expect(world.logged()).toContain('TypeError');
  expect(world.logged()).not.toContain('secret-in-a-message');
  expect(world.logged()).not.toContain(token);
});

it('finds a route by its whole path', () => {
  expect(matchRoute(routes, 'POST', `/v1/requests/${someId}/end`)).toMatchObject({ kind: 'found', id: someId });
  expect(matchRoute(routes, 'POST', `/v1/requests/${someId}/ends`)).toEqual({ kind: 'unknown' });
  expect(matchRoute(routes, 'POST', `/v1/requests/${someId}/credentials`)).toEqual({ kind: 'unknown' });
  expect(matchRoute(routes, 'GET', `/v1/requests/${someId}/end`)).toEqual({ kind: 'wrong-method', allowed: ['POST'] });
});
