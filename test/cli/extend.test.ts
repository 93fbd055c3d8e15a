import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestView } from '#core/api/views.ts';
import { run, start, temporaryHome } from './cli.ts';
import {
  active,
  ended,
  extended,
  extending,
  notExtended,
  otherId,
  pending,
  requestId,
  saveLogin,
  unanswered,
} from './samples.ts';
import { type Reply, type ScriptedApi, startScriptedApi } from './scripted-api.ts';

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

const environment = () => ({ env: { DAYPASS_HOME: home, TZ: 'UTC', LC_ALL: 'C' } });
const daypass = (...args: string[]) => run(args, environment());
const because = ['--reason', 'INC-42 takes longer'];
const mine = (...requests: RequestView[]): void => {
  api.script['GET /v1/requests'] = { body: { mine: requests, waitingForMe: [], extensionsForMe: [] } };
};
const route = (id = requestId): string => `POST /v1/requests/${id}/extend`;
/** The grant stands like this once it was asked about, then at each look, the last for good. */
const unfolding = (...states: RequestView[]): void => {
  const [first, ...later] = states;
  mine(active);
  api.script[route()] = { body: first };
  api.script[`GET /v1/requests/${requestId}`] = () => ({ body: later.length > 1 ? later.shift() : later[0] });
};
const posted = () => api.received.filter(({ method }) => method === 'POST');

describe('which grant', () => {
  it('is the one that is live, and the duration may stand alone', async () => {
    mine(active, pending, ended);
    api.script[route()] = { body: extended };
    const { code, stdout, stderr } = await daypass('extend', '30m', ...because);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(`^Your grant of orders-admin is 30 min longer: it ends .* Request ${requestId}\\.`),
    );
    expect(stdout).toContain(`daypass env --request ${requestId}`);
    expect(posted()[0]?.body).toEqual({ duration: '30m', reason: 'INC-42 takes longer' });
    expect(posted()[0]?.headers['idempotency-key']).toMatch(/^[\da-f-]{36}$/);
  });

  it('is the one that is named, by its id or as the last of an entitlement', async () => {
    const later = { ...active, id: otherId, grant: { startsAt: '', endsAt: '2026-11-22T11:00:00.000Z' } };
    const strange = { ...later, id: '01KAN0DAYPASS0000000000002', entitlementId: 'payments-admin' };
    mine(active, later, { ...strange, grant: { startsAt: '', endsAt: '2026-11-22T12:00:00.000Z' } });
    api.script[route()] = { body: extended };
    api.script[route(otherId)] = { body: extended };
    expect((await daypass('extend', requestId, '30m', ...because)).code).toBe(0);
    expect((await daypass('extend', '--entitlement', 'orders-admin', '30m', ...because)).code).toBe(0);
    expect(posted().map(({ path }) => path)).toEqual([
      `/v1/requests/${requestId}/extend`,
      `/v1/requests/${otherId}/extend`,
    ]);
  });

  it('is not guessed: several are 2 and named, none is 5', async () => {
    mine(active, { ...active, id: otherId });
    const several = await daypass('extend', '30m', ...because);
    expect(several.code).toBe(2);
    for (const text of [requestId, otherId, 'daypass extend ID 30m']) expect(several.stderr).toContain(text);
    mine(pending, ended);
    const none = await daypass('extend', '30m', ...because);
    expect([none.code, none.stderr]).toEqual([
      5,
      'daypass: You have no live grant.\n`daypass list` shows your requests.\n',
    ]);
    const noneOfIt = await daypass('extend', '--entitlement', 'orders-admin', '30m', ...because);
    expect(noneOfIt.code).toBe(5);
    expect(noneOfIt.stderr).toContain('You have no live grant of orders-admin.\nAsk for it: `daypass request');
    expect(posted()).toEqual([]);
  });

  it('cannot lead to another route', async () => {
    await daypass('extend', '../whoami?x=', '30m', ...because);
    expect(posted()[0]?.path).toBe('/v1/requests/..%2Fwhoami%3Fx%3D/extend');
  });
});

it('what is missing or no duration is 2, and nothing is asked of the API', async () => {
  for (const [args, text] of [
    [['extend'], 'Say how much longer.'],
    [['extend', requestId, ...because], 'Say how much longer.'],
    [['extend', '30m'], 'Say why you need it, with --reason.'],
    [['extend', 'soon', ...because], 'soon is not a duration.\nWrite it like 20s, 30m or 1h30m.'],
    [['extend', requestId, '0s', ...because], '0s is not a duration.'],
    [['extend', requestId, '30m', '--entitlement', 'orders-admin', ...because], 'Say which grant once'],
    [['extend', '30m', ...because, '--wait', '--timeout', 'soon'], '--timeout soon is not a duration.'],
  ] as const) {
    const { code, stdout, stderr } = await daypass(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
  }
  expect(api.received).toEqual([]);
});

describe('what the API refuses', () => {
  const refusals: [string, Reply['status'], number][] = [
    ['refused-by-policy', 403, 3],
    ['locked-down', 403, 3],
    ['not-live', 409, 5],
    ['not-found', 404, 5],
    ['already-decided', 409, 4],
  ];
  it.each(refusals)('as %s with %i is %i, in its words', async (code, status = 0, exit) => {
    mine(active);
    api.script[route()] = { status, body: { error: { code, message: 'What happened.', next: 'What to do.' } } };
    expect(await daypass('extend', '30m', ...because)).toMatchObject({
      code: exit,
      stdout: '',
      stderr: 'daypass: What happened.\nWhat to do.\n',
    });
    const json = await daypass('extend', '30m', ...because, '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      ok: false,
      error: { code, message: 'What happened.', hint: 'What to do.' },
    });
  });
});

it('tries again with the same key when the API is busy for a moment', async () => {
  mine(active);
  const replies = [503, 409, 200];
  api.script[route()] = () => {
    const status = replies.shift() ?? 500;
    const code = status === 409 ? 'in-progress' : 'store-unavailable';
    return { status, body: status === 200 ? extended : { error: { code, message: 'Not now.', next: 'Again.' } } };
  };
  expect((await daypass('extend', '30m', ...because)).code).toBe(0);
  expect(new Set(posted().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(posted()).toHaveLength(3);
});

it('an extension that waits says for whom, and that the end stands', async () => {
  unfolding(extending);
  const { code, stdout } = await daypass('extend', '30m', ...because);
  expect(code).toBe(0);
  expect(stdout).toContain('Asked for 30 min more of orders-admin: waits for Bob or Carol, in Slack.');
  expect(stdout).toMatch(new RegExp(`Unless it is granted, request ${requestId} ends `));
  const json = await daypass('extend', '30m', ...because, '--json');
  expect(JSON.parse(json.stdout)).toEqual({ ok: true, data: extending });
});

describe('--wait', () => {
  it('comes back when the end has moved', async () => {
    unfolding(extending, extending, extended);
    const { code, stdout, stderr } = await daypass('extend', '30m', ...because, '--wait', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ ok: true, data: extended });
  });

  it('for nothing comes back at once', async () => {
    unfolding(extended);
    expect((await daypass('extend', '30m', ...because, '--wait')).code).toBe(0);
    expect(api.received).toHaveLength(2);
  });

  it('looks at what it has asked for, whatever is asked for after it', async () => {
    const another = { ...extending.extensions?.[0], id: '01KAN0DAYPASS000000000000F' };
    unfolding(extending, { ...extended, extensions: [...(extended.extensions ?? []), another] } as RequestView);
    const { code, stdout } = await daypass('extend', '30m', ...because, '--wait');
    expect([code, stdout]).toEqual([0, expect.stringContaining('is 30 min longer')]);
  });

  it('ends as the answer does: denied 3, nobody in time 4, a grant that was ended 5', async () => {
    const by = { id: 'carol', name: 'Carol' };
    const revoked: RequestView = { ...unanswered, end: { reason: 'revoked', at: '2026-11-22T10:26:00.000Z', by } };
    for (const [state, exit, text] of [
      [notExtended, 3, 'Bob denied more time for your grant of orders-admin: not tonight\nIt ends '],
      [unanswered, 4, 'Nobody answered before your grant of orders-admin ended.\nAsk again'],
      [revoked, 5, 'Your grant of orders-admin was ended by Carol before anybody answered (revoked).'],
    ] as const) {
      unfolding(extending, state);
      const { code, stdout, stderr } = await daypass('extend', '30m', ...because, '--wait');
      expect([code, stdout]).toEqual([exit, '']);
      expect(stderr).toContain(`daypass: ${text}`);
    }
  });

  it('gives up after its timeout with 4, and at Ctrl-C with 130; the question stands', async () => {
    unfolding(extending, extending);
    const late = await daypass('extend', '30m', ...because, '--wait', '--timeout', '1s', '--json');
    expect(late.code).toBe(4);
    const hint = expect.stringContaining('The question stands');
    expect(JSON.parse(late.stdout)).toMatchObject({ ok: false, error: { code: 'timeout', hint } });
    const looked = new Promise<void>((resolve) => {
      api.script[`GET /v1/requests/${requestId}`] = () => {
        resolve();
        return { body: extending };
      };
    });
    const waiting = start(['extend', '30m', ...because, '--wait'], environment());
    await looked;
    waiting.child.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130, stderr: expect.stringContaining('The question stands') });
  });
});

it('list shows when a grant ends, what was asked on top and of whom, and what waits for me', async () => {
  const bobs = { ...extending, id: otherId, person: { id: 'bob', name: 'Bob' } };
  const body = { mine: [extending, notExtended, extended], waitingForMe: [], extensionsForMe: [bobs] };
  api.script['GET /v1/requests'] = { body };
  const { code, stdout } = await daypass('list');
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[1]).toMatch(/active +30 min +ends .*\); \+30 min asked, waits for Bob or Carol$/);
  expect(lines[2]).toMatch(/active +30 min +ends .*\); \+30 min denied by Bob: not tonight$/);
  expect(lines[3]).toMatch(/active +1 h +ends [^;]*$/);
  expect(stdout).toMatch(
    /Waiting for your vote on more time, in Slack:\n.*\n.*Bob +\+30 min +ends .*, waits for Bob or Carol +INC-42 takes longer\n$/,
  );
  expect(JSON.parse((await daypass('list', '--json')).stdout)).toEqual({ ok: true, data: body });
});
