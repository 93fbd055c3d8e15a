import { expect, it } from 'vitest';
import type { Machinery } from '#local/workspace/machinery.ts';
import { startWorkspace } from '../running-workspace.ts';

it('a page that listens hears of every change', async () => {
  await using workspace = await startWorkspace();
  const res = await fetch(`${workspace.url}/workspace/ui/live`);
  expect(res.headers.get('content-type')).toBe('text/event-stream');
  const reader = res.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const until = async (part: string): Promise<void> => {
    while (!heard.includes(part)) heard += (await reader?.read())?.value ?? '';
  };
  await until('event: hello');
  heard = '';
  await workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'hi' });
  await until('event: changed');
  await reader?.cancel();
});

it('what happens below is passed on as it is told; a failure there is an error and not a lie', async () => {
  const machinery: Machinery = {
    executions: async () => [],
    trail: async () => [
      {
        eventId: 'e1',
        eventTime: '2026-11-22T10:00:00Z',
        eventName: 'AssumeRole',
        account: '222222222222',
        who: 'alice',
      },
    ],
    denies: async () => [
      {
        roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
        policy: null,
        whom: 'nobody',
        revokedGrants: [],
      },
    ],
  };
  await using workspace = await startWorkspace({ machinery });
  expect(await (await fetch(`${workspace.url}/workspace/ui/machinery`)).json()).toEqual({
    executions: [],
    trail: await machinery.trail(),
    denies: await machinery.denies(),
  });
  await using broken = await startWorkspace({
    machinery: { ...machinery, trail: () => Promise.reject(new Error('not started')) },
  });
  expect((await fetch(`${broken.url}/workspace/ui/machinery`)).status).toBe(500);
});

it('the page is built once, served from memory and asked for again only when it has changed', async () => {
  await using workspace = await startWorkspace();
  const page = await fetch(`${workspace.url}/workspace/?as=alice`);
  expect(await page.text()).toContain('<script type="module" src="/workspace/main.js"></script>');
  const script = await fetch(`${workspace.url}/workspace/main.js`);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const etag = script.headers.get('etag') ?? '';
  const again = await fetch(`${workspace.url}/workspace/main.js`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  const style = await (await fetch(`${workspace.url}/workspace/main.css`)).text();
  expect(style).toContain('prefers-color-scheme');
  expect(style).not.toMatch(/url\(|@import/);
});
