import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { openAppServer } from '#local/app-server.ts';
import { bodyBudgetBytes, createBodies } from '#local/bodies.ts';
import { turnableClock } from '#local/clock.ts';
import { createHttpApi } from '#local/http-api.ts';

let app: Awaited<ReturnType<typeof openAppServer>>;
const invoked: string[] = [];
const faults: unknown[] = [];
beforeAll(async () => {
  const fault = (error: unknown) => void faults.push(error);
  app = await openAppServer({ port: 0, publicUrl: 'https://daypass.example.com', fault });
  app.answerWith(
    createHttpApi({
      functions,
      clock: turnableClock(),
      bodies: createBodies(bodyBudgetBytes),
      invoke: async (name) => {
        invoked.push(name);
        return { statusCode: 200, headers: {}, body: name };
      },
      fallback: 'api',
      behind: {},
      fault,
    }),
  );
});
afterAll(() => app.close());

type Heard = { status: number; body: string };

/** Asks with exactly these headers: `fetch` sets some by itself. */
const ask = (method: string, path: string, headers: Record<string, string>, body = ''): Promise<Heard> =>
  new Promise((done, failed) => {
    const req = request(`${app.url}${path}`, { method, headers }, async (res) => {
      let text = '';
      for await (const chunk of res) text += String(chunk);
      done({ status: res.statusCode ?? 0, body: text });
    });
    req.on('error', failed);
    req.end(body);
  });

const routes = functions.flatMap(({ name, trigger }) =>
  trigger.kind === 'http' ? trigger.routes.map((route) => ({ name, route })) : [],
);

describe('a body that no route takes never reaches a function, and its sender hears it', () => {
  it.each([
    ['/v1/device/authorize', 16_384],
    ['/v1/requests', 16_384],
    ['/v1/requests/01KAN0DAYPASS0000000000000/credentials', 16_384],
    ['/slack/events', 262_144],
  ])('POST %s takes %d bytes', async (path, most) => {
    expect((await ask('POST', path, {}, 'x'.repeat(most))).status).toBe(200);
    invoked.length = 0;
    const answer = await ask('POST', path, {}, 'x'.repeat(most + 1));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body).error.message).toBe(`A request may have ${most} bytes here; this one has more.`);
    expect(invoked).toEqual([]);
  });
});

describe('the name in Host', () => {
  it('there are routes to try', () => expect(routes.length).toBeGreaterThanOrEqual(18));

  it.each(routes)('$route does not answer under a name that is not ours', async ({ route }) => {
    const [method = '', path = ''] = route.split(' ');
    invoked.length = 0;
    const answer = await ask(method, path.replace('{id}', '01KAN0DAYPASS0000000000000'), { host: 'evil.example:4600' });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).error).toEqual({
      code: 'foreign-host',
      message: 'Daypass is not reached under the name evil.example:4600.',
      next: 'Use the address that it printed, or start it with --url and the address under which people reach it.',
    });
    expect(invoked).toEqual([]);
  });

  it.each([
    ['127.0.0.1:4600', 200],
    ['localhost', 200],
    ['[::1]:4600', 200],
    ['daypass.example.com', 200],
    ['DAYPASS.example.com:443', 200],
    ['daypass.example.com.evil.example', 403],
    ['localhost.evil.example:4600', 403],
  ])('%s is answered with %d', async (host, status) => {
    expect((await ask('GET', '/v1/health', { host })).status).toBe(status);
  });
});

it('an address that is none is the sender’s mistake, not ours', async () => {
  expect((await ask('GET', '//', {})).status).toBe(400);
  expect(faults).toEqual([]);
});
