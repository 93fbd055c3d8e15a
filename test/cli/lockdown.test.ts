import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { run, temporaryHome } from './cli.ts';
import { saveLogin } from './samples.ts';
import { type ScriptedApi, startScriptedApi } from './scripted-api.ts';

let api: ScriptedApi;
let home: string;
let remove: () => void;
beforeEach(async () => {
  api = await startScriptedApi();
  ({ home, remove } = temporaryHome());
  saveLogin(join(home, 'state'), api.url);
});
afterEach(async () => {
  remove();
  await api.stop();
});

const daypass = (...args: string[]) =>
  run(['lockdown', ...args], { env: { DAYPASS_API: api.url, DAYPASS_HOME: join(home, 'state') } });

const preview = {
  subject: 'person alice',
  what: 'Alice',
  grants: 2,
  sessions: 3,
  waiting: 1,
  people: [{ id: 'alice', name: 'Alice' }],
  approvers: [],
};
const lockdown = {
  id: '01JD8Q00000000000000000000',
  subject: 'person alice',
  what: 'Alice',
  reason: 'laptop stolen',
  begunAt: '2026-11-23T10:00:05.000Z',
  begunBy: { id: 'bob', name: 'Bob' },
  status: 'in-force',
};

it('without --yes nothing is done, and what it would hit is said', async () => {
  api.script = { 'POST /v1/lockdowns': { body: preview } };
  const { code, stderr } = await daypass('person', 'alice', '--reason', 'laptop stolen');
  expect(code).toBe(2);
  expect(stderr).toContain('ends 2 grants with 3 live sessions and closes 1 waiting request');
  expect(stderr).toContain('Add --yes to go ahead.');
  expect(api.received.map(({ body }) => body)).toEqual([{ kind: 'person', name: 'alice' }]);
});

it('with --yes it is confirmed once, under a key of its own', async () => {
  api.script = { 'POST /v1/lockdowns': ({ body }) => ({ body: 'confirm' in (body as object) ? lockdown : preview }) };
  const { code, stdout } = await daypass('person', 'alice', '--reason', 'laptop stolen', '--yes');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Alice is locked down.') });
  expect(api.received.at(-1)?.body).toEqual({ kind: 'person', name: 'alice', reason: 'laptop stolen', confirm: true });
  expect(api.received.at(-1)?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
});

it('lists what is in force and how far it is', async () => {
  const tally = { grants: 3, verified: 2, closed: 1, failed: ['01A'], roles: { verified: 0, all: 0 } };
  api.script = { 'GET /v1/lockdowns': { body: { lockdowns: [{ ...lockdown, tally }] } } };
  const { stdout } = await daypass();
  expect(stdout).toContain('person alice: by Bob');
  expect(stdout).toContain('2 of 3 grants verified, 1 request closed; under way');
  expect(stdout).toContain('could not be ended yet, still trying: 01A');
});

it('lifts by name, and says what is missing', async () => {
  api.script = { 'POST /v1/lockdowns/lift': { body: { ...lockdown, status: 'lifted' } } };
  const lifted = await daypass('lift', 'person', 'alice', '--reason', 'a new laptop', '--yes');
  expect(lifted.stdout).toContain('The lockdown of Alice is lifted.');
  expect((await daypass('lift', 'person')).stderr).toContain('Say what: person NAME');
});
