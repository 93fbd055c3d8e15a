import { afterEach, beforeEach, expect, it } from 'vitest';
import { begun } from '#core/lockdown/change.ts';
import type { DomainEvent } from '#events/events.ts';
import { type NotifyPorts, notify } from '#slack/deliver/notify.ts';
import { startWorld, type World } from '#test/slack/world.ts';

let world: World;
let ports: NotifyPorts;
beforeEach(async () => {
  world = await startWorld();
  ports = { ...world.ports, pause: async (ms) => world.clock.turn(ms), appUrl: 'https://daypass.example.com' };
});
afterEach(() => world.stop());

const lockdownId = '01JDLLLLLLLLLLLLLLLLLLLLLL';
const at = '2026-11-22T10:00:00.000Z';
const told = (name: 'lockdown.begun' | 'lockdown.progressed', eventId: string): DomainEvent => ({
  name,
  detail: { eventId, at, lockdownId, version: 1, subject: 'person alice' },
});

it('how far a lockdown is, is said once in its thread, however many looked and whatever each event is called', async () => {
  const scope = { kind: 'person', personId: 'alice' } as const;
  const change = begun({ id: lockdownId, scope, reason: 'INC-42: a laptop is gone', at, by: 'bob' }, {});
  await world.ports.lockdowns.save(change, { version: 0, lockdowns: [] });
  await world.ports.lockdowns.note(lockdownId, [
    { subject: { kind: 'request', requestId: '01JDAAAAAAAAAAAAAAAAAAAAAA' }, outcome: 'found' },
  ]);
  await notify(told('lockdown.begun', 'e1'), ports);
  for (const eventId of ['e2', 'e3', 'e2']) await notify(told('lockdown.progressed', eventId), ports);
  const replies = () => world.slack.messages.filter((message) => message.threadTs !== undefined);
  expect(replies()).toHaveLength(1);
  await world.ports.lockdowns.note(lockdownId, [
    { subject: { kind: 'request', requestId: '01JDAAAAAAAAAAAAAAAAAAAAAA' }, outcome: 'verified' },
  ]);
  await notify(told('lockdown.progressed', 'e4'), ports);
  await notify(told('lockdown.progressed', 'e3'), ports);
  expect(replies()).toHaveLength(2);
});
