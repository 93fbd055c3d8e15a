import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startWorkspace } from '../running-workspace.ts';

/** Asks with exactly these headers: `fetch` sets `Host` and `Origin` by itself. */
const ask = (url: string, path: string, headers: Record<string, string>, method = 'GET'): Promise<number> =>
  new Promise((done, fail) => {
    const req = request(`${url}${path}`, { method, headers }, (res) => {
      res.destroy();
      done(res.statusCode ?? 0);
    });
    req.on('error', fail);
    req.end(method === 'POST' ? '{}' : undefined);
  });

const json = { 'content-type': 'application/json' };

describe('only this machine’s own page may act', () => {
  it.each([
    ['another name that points here', '/workspace/ui/state?as=alice', { host: 'evil.example' }, 'GET', 403],
    ['another name, for the page itself', '/workspace/', { host: 'evil.example' }, 'GET', 403],
    ['a name that only begins like ours', '/workspace/', { host: 'localhost.evil.example:80' }, 'GET', 403],
    ['another site’s page that posts', '/workspace/ui/say', { ...json, origin: 'https://evil.example' }, 'POST', 403],
    ['another port’s page that posts', '/workspace/ui/say', { ...json, origin: 'http://127.0.0.1:1' }, 'POST', 403],
    ['a sandboxed page', '/workspace/ui/say', { ...json, origin: 'null' }, 'POST', 403],
    ['another site’s page that reads', '/workspace/ui/state?as=alice', { 'sec-fetch-site': 'cross-site' }, 'GET', 403],
    ['a form of another page', '/workspace/ui/say', { 'content-type': 'text/plain' }, 'POST', 403],
    ['the name localhost', '/workspace/ui/state?as=alice', { host: 'localhost:3000' }, 'GET', 200],
    ['the address of IPv6', '/workspace/ui/state?as=alice', { host: '[::1]:3000' }, 'GET', 200],
    [
      'a link from elsewhere to the page',
      '/workspace/',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      'GET',
      200,
    ],
  ])('%s', async (_, path, headers, method, status) => {
    await using workspace = await startWorkspace();
    expect(await ask(workspace.url, path, headers as unknown as Record<string, string>, method)).toBe(status);
  });

  it('the page may not be shown inside another and loads nothing from elsewhere', async () => {
    await using workspace = await startWorkspace();
    const { headers } = await fetch(`${workspace.url}/workspace/`);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  });

  it('what is not under /workspace is left to others', async () => {
    await using workspace = await startWorkspace();
    expect((await fetch(`${workspace.url}/workspaces`)).status).toBe(404);
    expect(await (await fetch(`${workspace.url}/v1/requests`)).text()).toBe('not the workspace');
  });

  it('without the slash it leads to the page, person and all', async () => {
    await using workspace = await startWorkspace();
    const res = await fetch(`${workspace.url}/workspace?as=bob`, { redirect: 'manual' });
    expect([res.status, res.headers.get('location')]).toEqual([308, '/workspace/?as=bob']);
  });
});
