import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RequestView } from '#core/api/views.ts';
import { run, start, temporaryHome } from './cli.ts';
import {
  active,
  approved,
  cancelled,
  denied,
  ended,
  lapsed,
  otherId,
  pending,
  requestId,
  saveLogin,
} from './samples.ts';
import { type ScriptedApi, startScriptedApi } from './scripted-api.ts';

let api: ScriptedApi;
let home: string;
let remove: () => void;
beforeEach(async () => {
  api = await startScriptedApi();
  ({ home, remove } = temporaryHome());
  saveLogin(home, api.url);
});
afterEach(async () => {
  remove();
  await api.stop();
});

const daypass = (...args: string[]) => run(args, { env: { DAYPASS_HOME: home, TZ: 'UTC', LC_ALL: 'C' } });
const asking = ['request', 'orders-admin', '--for', '30m', '--reason', 'fixing INC-42'];

/** The request stands like this at each look, the last one for good. */
const unfolding = (...states: RequestView[]): void => {
  const [first, ...later] = states;
  api.script['POST /v1/requests'] = { status: 201, body: first };
  api.script[`GET /v1/requests/${requestId}`] = () => ({ body: later.length > 1 ? later.shift() : later[0] });
};

it('sends what was asked for, with a key of its own each time', async () => {
  unfolding(pending);
  const { code, stdout, stderr } = await daypass(...asking, '--ticket', 'INC-42');
  expect(code).toBe(0);
  expect(stdout).toContain(`Request ${requestId} has 0 of 1 approvals, by leads.`);
  expect(stderr).toBe('');
  await daypass(...asking);
  const [one, two] = api.received;
  expect(one?.body).toEqual({
    entitlement: 'orders-admin',
    duration: '30m',
    reason: 'fixing INC-42',
    ticket: 'INC-42',
  });
  expect(one?.headers['idempotency-key']).toMatch(/^[\da-f-]{36}$/);
  expect(one?.headers['idempotency-key']).not.toBe(two?.headers['idempotency-key']);
});

it('leaves the duration to the entitlement where none was said', async () => {
  unfolding(approved);
  await daypass('request', 'orders-read', '--reason', 'looking');
  expect(api.received[0]?.body).toEqual({ entitlement: 'orders-read', reason: 'looking' });
});

it('tries again with the same key when the API is busy for a moment', async () => {
  const replies = [503, 409, 201];
  api.script['POST /v1/requests'] = () => {
    const status = replies.shift() ?? 500;
    const code = status === 409 ? 'in-progress' : 'store-unavailable';
    return { status, body: status === 201 ? pending : { error: { code, message: 'Not now.', next: 'Again.' } } };
  };
  expect((await daypass(...asking)).code).toBe(0);
  expect(new Set(api.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

it('what the policy refuses is 3, with its reasons', async () => {
  const error = { code: 'refused-by-policy', message: 'orders-admin is for at most 4 hours.', next: 'Use /access.' };
  api.script['POST /v1/requests'] = { status: 403, body: { error } };
  const { code, stdout, stderr } = await daypass(...asking);
  expect({ code, stdout, stderr }).toEqual({
    code: 3,
    stdout: '',
    stderr: 'daypass: orders-admin is for at most 4 hours.\nUse /access.\n',
  });
});

it('--wait comes back when there is access', async () => {
  unfolding(pending, pending, approved, active);
  const { code, stdout, stderr } = await daypass(...asking, '--wait', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ ok: true, data: active });
  expect(stderr).toBe('');
});

it('--wait for nothing comes back at once', async () => {
  unfolding(active);
  expect((await daypass(...asking, '--wait')).code).toBe(0);
  expect(api.received).toHaveLength(1);
});

it('--wait ends as the request does: denied 3, lapsed 4, cancelled 5', async () => {
  for (const [state, exit, text] of [
    [denied, 3, 'not during the freeze'],
    [lapsed, 4, 'in time'],
    [cancelled, 5, 'cancelled'],
  ] as const) {
    unfolding(pending, state);
    const { code, stderr } = await daypass(...asking, '--wait');
    expect(code).toBe(exit);
    expect(stderr).toContain(text);
  }
});

it('--wait gives up after its timeout with 4, and the request stands', async () => {
  unfolding(pending, pending);
  const { code, stdout } = await daypass(...asking, '--wait', '--timeout', '1s', '--json');
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    error: { code: 'timeout', hint: expect.stringContaining('The request stands') },
  });
});

it('Ctrl-C while it waits is 130, and says that the request stands', async () => {
  unfolding(pending, pending);
  const looked = new Promise<void>((resolve) => {
    api.script[`GET /v1/requests/${requestId}`] = () => {
      resolve();
      return { body: pending };
    };
  });
  const waiting = start([...asking, '--wait'], { env: { DAYPASS_HOME: home } });
  await looked;
  waiting.child.kill('SIGINT');
  const { code, stderr } = await waiting.ended;
  expect(code).toBe(130);
  expect(stderr).toContain(`daypass cancel ${requestId}`);
});

it('a hiccup of the network while it waits does not end the wait; a long one says that the request stands', async () => {
  unfolding(pending);
  let hiccups = 2;
  const upstream = { status: 502, body: { error: { code: 'http', message: 'Not now.', next: 'Again.' } } };
  api.script[`GET /v1/requests/${requestId}`] = () => (hiccups-- > 0 ? upstream : { body: active });
  expect((await daypass(...asking, '--wait')).code).toBe(0);
  api.script[`GET /v1/requests/${requestId}`] = upstream;
  const { code, stderr } = await daypass(...asking, '--wait');
  expect(code).toBe(7);
  expect(stderr).toContain('The request stands');
});

it('never asks a question where nobody sits before it', async () => {
  for (const args of [['request'], ['request', 'orders-admin'], ['request', '--reason', 'x']]) {
    expect((await daypass(...args)).code).toBe(2);
  }
  expect((await daypass(...asking, '--wait', '--timeout', 'soon')).code).toBe(2);
  expect(api.received).toEqual([]);
});

it('lists mine and what waits for me, with the time left and the time of day', async () => {
  const now = Date.now();
  const iso = (ms: number) => new Date(now + ms).toISOString();
  const live = { ...active, grant: { startsAt: iso(-60_000), endsAt: iso(20 * 60_000 + 30_000) } };
  const bobs = { ...pending, id: otherId, person: { id: 'bob', name: 'Bob' }, askedAt: iso(-5000) };
  api.script['GET /v1/requests'] = { body: { mine: [live], waitingForMe: [bobs] } };
  const { code, stdout } = await daypass('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/orders-admin +Alice +active +30 min +ends in 20 min \d+ s \(.*\d+:\d+/);
  expect(stdout).toMatch(/Waiting for your vote, in Slack:\n.*\n.*Bob +pending/);
  const json = await daypass('list', '--json');
  expect(JSON.parse(json.stdout)).toEqual({ ok: true, data: { mine: [live], waitingForMe: [bobs] } });
});

it('list follows pages, shows each request once, newest first, and says where it left off', async () => {
  const one = (digit: string) => ({ ...denied, id: `01KAN0DAYPASS000000000000${digit}` });
  api.script['GET /v1/requests'] = { body: { mine: [one('9'), one('1')], waitingForMe: [], next: 'a' } };
  api.script['GET /v1/requests?next=a'] = { body: { mine: [one('8')], waitingForMe: [], next: 'b' } };
  api.script['GET /v1/requests?next=b'] = { body: { mine: [one('2'), one('1')], waitingForMe: [] } };
  const whole = await daypass('list', '--json');
  const ids = JSON.parse(whole.stdout).data.mine.map(({ id }: { id: string }) => id.at(-1));
  expect(ids).toEqual(['9', '8', '2', '1']);
  expect(JSON.parse(whole.stdout).data).not.toHaveProperty('next');
  expect((await daypass('list')).stdout).not.toContain('there may be more');
  api.script['GET /v1/requests?next=b'] = { body: { mine: [one('2')], waitingForMe: [], next: 'b' } };
  const { stdout } = await daypass('list');
  expect(stdout).toContain('These are the newest; there may be more. What is open of yours is among them.');
  expect(JSON.parse((await daypass('list', '--json')).stdout).data.next).toBe('b');
});

it('what came from elsewhere cannot play with the terminal', async () => {
  const evil = {
    ...denied,
    person: { id: 'x', name: '\u001b[31mX\u202E\u0007' },
    denied: { by: denied.person, reason: 'a\n\u001b]0;b\u0007' },
  };
  api.script['GET /v1/requests'] = { body: { mine: [evil], waitingForMe: [] } };
  const { stdout } = await daypass('list');
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
});

it('done ends the one live grant, or the one that was named, and will not guess', async () => {
  api.script['GET /v1/requests'] = { body: { mine: [active, pending], waitingForMe: [] } };
  api.script[`POST /v1/requests/${requestId}/end`] = { body: { ...ended, status: 'ending' } };
  expect(await daypass('done')).toMatchObject({
    code: 0,
    stdout: 'Your grant of orders-admin is over. Its sessions are being revoked.\n',
  });
  expect((await daypass('done', requestId)).code).toBe(0);
  api.script['GET /v1/requests'] = { body: { mine: [active, { ...active, id: otherId }], waitingForMe: [] } };
  const unclear = await daypass('done');
  expect(unclear.code).toBe(2);
  expect(unclear.stderr).toContain(requestId);
  expect(unclear.stderr).toContain(otherId);
  api.script['GET /v1/requests'] = { body: { mine: [ended], waitingForMe: [] } };
  expect((await daypass('done')).code).toBe(5);
  expect((await daypass('done', otherId)).code).toBe(5);
});

it('cancel takes the one waiting request back', async () => {
  api.script['GET /v1/requests'] = { body: { mine: [active, pending], waitingForMe: [] } };
  api.script[`POST /v1/requests/${requestId}/cancel`] = { body: cancelled };
  expect(await daypass('cancel')).toMatchObject({ code: 0, stdout: 'Your request for orders-admin is cancelled.\n' });
});

it('an id cannot lead to another route', async () => {
  await daypass('done', '../whoami?x=');
  expect(api.received.at(-1)?.path).toBe('/v1/requests/..%2Fwhoami%3Fx%3D/end');
});

it('shows what can be asked for', async () => {
  const entitlement = {
    id: 'orders-admin',
    description: 'Change orders',
    account: { id: '222222222222', name: 'production' },
    roleName: 'daypass-jit-orders-admin',
    minDurationSec: 5,
    defaultDurationSec: 1800,
    maxDurationSec: 14_400,
    approval: { count: 1, groups: ['leads'] },
  };
  api.script['GET /v1/entitlements'] = { body: { entitlements: [entitlement] } };
  expect((await daypass('entitlements')).stdout).toBe(
    'ENTITLEMENT   ACCOUNT     FOR         APPROVAL    WHAT IT IS\norders-admin  production  5 s to 4 h  1 of leads  Change orders\n',
  );
});
