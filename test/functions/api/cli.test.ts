import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, startApiWorld } from './api-world.ts';
import { type Call, caller, cliText } from './call.ts';

let world: ApiWorld;
let call: Call;
beforeAll(async () => {
  world = await startApiWorld();
  call = caller(world);
});
afterAll(() => world.stop());

const digest = createHash('sha256').update(cliText, 'utf8').digest('hex');

describe('GET /cli/daypass.mjs', () => {
  it('is the file, for everybody, to be asked for again and not to be run by a page', async () => {
    const { status, text, headers } = await call({ path: '/cli/daypass.mjs' });
    expect([status, text]).toEqual([200, cliText]);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-disposition': 'attachment; filename="daypass.mjs"',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      etag: `"${digest}"`,
    });
  });

  it('is not sent again to whoever has it', async () => {
    const kept = await call({ path: '/cli/daypass.mjs', headers: { 'If-None-Match': `"${digest}"` } });
    expect([kept.status, kept.text, kept.headers.etag]).toEqual([304, '', `"${digest}"`]);
    const other = await call({ path: '/cli/daypass.mjs', headers: { 'if-none-match': `"${'0'.repeat(64)}"` } });
    expect([other.status, other.text]).toEqual([200, cliText]);
  });
});

it('GET /cli says in plain text where the file is, how large it is, and its digest', async () => {
  const { status, text, headers } = await call({ path: '/cli' });
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(text).toContain('file     https://daypass.example.com/cli/daypass.mjs\n');
  // Bytes, not characters: the sample has an é.
  expect(text).toContain(`bytes    ${cliText.length + 1}\n`);
  expect(text).toContain(`sha256   ${digest}\n`);
  expect(text).toContain('daypass login --api https://daypass.example.com\n');
});

it('the page of a login says where the program is', async () => {
  expect((await call({ path: '/device' })).text).toContain('https://daypass.example.com/cli');
});
