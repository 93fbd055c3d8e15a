import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { type ApiWorld, startApiWorld } from '../api/api-world.ts';
import { type Call, caller, logIn } from '../api/call.ts';

let world: ApiWorld;
let call: Call;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
});
afterAll(() => world.stop());

const changing = routes.filter(({ method }) => method === 'POST');
const elsewhere: readonly (readonly [string, Record<string, string>])[] = [
  ['another origin', { host: 'daypass.example.com', origin: 'https://evil.example' }],
  ['a sandboxed page', { host: 'daypass.example.com', origin: 'null' }],
  ['another port', { host: '127.0.0.1:4600', origin: 'http://127.0.0.1:1' }],
  ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }],
];

describe('a page of another site', () => {
  it('there are routes that change something', () => expect(changing.length).toBeGreaterThanOrEqual(9));

  it.each(changing.flatMap(({ path }) => elsewhere.map(([what, headers]) => ({ path, what, headers }))))(
    'may not POST $path: $what',
    async ({ path, headers }) => {
      const token = await logIn(call, world, 'alice');
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await call({ method: 'POST', path, token, headers: { ...form, ...headers }, body: '' });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ error: { code: 'another-site' } });
    },
  );

  it('programs, and a page of our own, are let through', async () => {
    const path = '/v1/device/authorize';
    const ours = {
      host: 'daypass.example.com',
      origin: 'https://daypass.example.com',
      'sec-fetch-site': 'same-origin',
    };
    expect((await call({ method: 'POST', path, headers: ours })).status).toBe(200);
    expect((await call({ method: 'POST', path, headers: { 'sec-fetch-mode': 'cors' } })).status).toBe(200);
  });
});
