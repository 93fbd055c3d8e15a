import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { config } from '#functions/api/config.ts';
import { build } from '#functions/api/handler.ts';
import { bodyBudgetBytes, createBodies } from '#local/bodies.ts';
import { createHttpApi } from '#local/http-api.ts';
import { type ApiWorld, startApiWorld } from '#test/functions/api/api-world.ts';
import { confirmLogin, findLogin } from '#usecases/login/confirm-login.ts';
import { run, start, temporaryHome } from './cli.ts';

let world: ApiWorld;
let server: Server;
let url: string;
const { home, remove } = temporaryHome();

beforeAll(async () => {
  world = await startApiWorld();
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handler = build(world.ports, url, async () => '');
  const answer = createHttpApi({
    behind: {},
    bodies: createBodies(bodyBudgetBytes),
    functions: [config],
    clock: world.clock,
    invoke: (_name, event) => handler(event as Parameters<typeof handler>[0], {} as Context),
    fallback: 'api',
    fault: () => undefined,
  });
  server.on('request', (request, response) => void answer(request, response));
});
afterAll(async () => {
  remove();
  server.closeAllConnections();
  server.close();
  await world.stop();
});

const daypass = async (...args: string[]) => {
  const { code, stdout } = await run([...args, '--json'], { env: { DAYPASS_HOME: home } });
  return {
    code,
    ...(JSON.parse(stdout) as { ok: boolean; data?: Record<string, unknown>; error?: Record<string, unknown> }),
  };
};

it('the CLI and the API understand each other, from the login to the logout', async () => {
  const login = start(['login', '--json', '--api', url], { env: { DAYPASS_HOME: home } });
  const first = JSON.parse(await login.said('\n')) as { user_code: string; verification_uri: string };
  expect(first.verification_uri).toBe(`${url}/device`);
  const asked = await findLogin({ userCode: first.user_code }, world.ports);
  expect(asked).toMatchObject({ value: { askedFrom: { ip: '127.0.0.1', program: 'daypass CLI' } } });
  await confirmLogin({ userCode: first.user_code, personId: 'alice' }, world.ports);
  expect((await login.ended).code).toBe(0);

  expect(await daypass('whoami')).toMatchObject({ code: 0, data: { person: { id: 'alice', groups: ['developers'] } } });
  const { data: catalogue } = await daypass('entitlements');
  expect(catalogue).toMatchObject({
    entitlements: [{ id: 'orders-read' }, { id: 'orders-admin' }, { id: 'payments-admin' }],
  });

  const refused = await daypass('request', 'audit-read', '--reason', 'curious');
  expect(refused).toMatchObject({
    code: 3,
    ok: false,
    error: { code: 'refused-by-policy', hint: 'Run `daypass entitlements` to see what you can ask for.' },
  });
  expect(await daypass('request', 'orders-admin', '--for', 'soon', '--reason', 'x')).toMatchObject({ code: 2 });

  const pending = await daypass('request', 'orders-admin', '--for', '30m', '--reason', 'fixing INC-42');
  expect(pending).toMatchObject({ code: 0, data: { status: 'pending', durationSec: 1800 } });
  const listed = await daypass('list');
  expect(listed).toMatchObject({ code: 0, data: { mine: [{ id: pending.data?.id }], waitingForMe: [] } });
  expect(await daypass('env', '--entitlement', 'orders-admin')).toMatchObject({ code: 4, error: { code: 'pending' } });
  expect(await daypass('env', '--entitlement', 'orders-read')).toMatchObject({ code: 5, error: { code: 'no-grant' } });
  expect(await daypass('done', String(pending.data?.id))).toMatchObject({
    code: 5,
    error: { code: 'not-live', hint: `Run \`daypass cancel ${pending.data?.id}\` to take it back.` },
  });
  expect(await daypass('done', '01KAN0DAYPASS0000000000000')).toMatchObject({
    code: 5,
    error: { code: 'not-found', hint: 'Run `daypass list` to see yours.' },
  });
  expect(await daypass('cancel')).toMatchObject({ code: 0, data: { status: 'cancelled' } });

  expect(await daypass('logout')).toMatchObject({ code: 0, data: { loggedOut: true } });
  expect(await daypass('list', '--api', url)).toMatchObject({ code: 6 });
  expect(world.logged()).toBe('');
});
