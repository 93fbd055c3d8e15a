import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, it } from 'vitest';
import { openWorld } from './world.ts';

/** https://nodejs.org/api/diagnostics_channel.html: told before a server listens, with what it was asked for. */
const channel = 'tracing:net.server.listen:asyncStart';

it('the embedded stack listens on addresses of this machine alone', async () => {
  const hosts: unknown[] = [];
  const heard = (message: unknown): void => {
    hosts.push((message as { options?: { host?: unknown } }).options?.host);
  };
  subscribe(channel, heard);
  const world = await openWorld().finally(() => unsubscribe(channel, heard));
  await world.close();
  // The app and AWS, the stand-in for Slack, and the database’s own port.
  expect(hosts.length).toBeGreaterThanOrEqual(4);
  expect(hosts.filter((host) => !/^127\.\d+\.\d+\.\d+$/.test(String(host)))).toEqual([]);
});
