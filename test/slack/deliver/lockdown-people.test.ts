import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LockdownScope } from '#core/lockdown/lockdown.ts';
import type { Ports } from '#ports/ports.ts';
import { type NotifyPorts, notify } from '#slack/deliver/notify.ts';
import { openWorld } from '#test/kit/world.ts';
import { policy, startWorld, type World } from '#test/slack/world.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { findLocked } from '#usecases/lockdown/find-locked.ts';
import { liftLockdown } from '#usecases/lockdown/lift-lockdown.ts';
import { revokeLocked } from '#usecases/lockdown/revoke-locked.ts';

let world: World;
let ports: NotifyPorts;
let acting: Ports;
beforeEach(async () => {
  world = await startWorld();
  ports = { ...world.ports, pause: async (ms) => world.clock.turn(ms), appUrl: 'https://daypass.example.com' };
  const { requests, sessions, lockdowns, outbox } = world.ports;
  acting = { ...openWorld({ policy, clock: world.clock }).ports, requests, sessions, lockdowns, outbox };
});
afterEach(() => world.stop());

const asked = async (personId: string, entitlementId: string): Promise<string> => {
  const requestId = acting.ids.ulid();
  const ask = { personId, entitlementId, durationSec: 600, reason: 'fixing INC-42' };
  await submitRequest({ requestId, ...ask }, acting);
  await activateGrant({ requestId }, acting);
  return requestId;
};
const lockDown = async (scope: LockdownScope): Promise<string> => {
  const lockdownId = acting.ids.ulid();
  await beginLockdown({ lockdownId, scope, reason: 'laptop *stolen*', personId: 'bob' }, acting);
  for (;;) {
    const { slices } = await findLocked({ lockdownId }, acting);
    if (slices.length === 0) return lockdownId;
    for (const subjects of slices) await revokeLocked({ lockdownId, subjects }, acting);
  }
};
const lift = (lockdownId: string) => liftLockdown({ lockdownId, personId: 'carol', reason: 'a new laptop' }, acting);
/** Everything is delivered twice, as EventBridge may. */
const deliver = async (): Promise<void> => {
  const due = world.events.splice(0);
  for (const event of [...due, ...due]) await notify(event, ports);
};
const notesTo = (userId: string): string[] => world.slack.in(userId).map(({ blocks }) => JSON.stringify(blocks));
const told = (userId: string): string[] => notesTo(userId).filter((text) => text.includes('locked down'));
const policyBlamed = (userId: string): string[] => notesTo(userId).filter((text) => text.includes('access policy'));

describe('whoever is hit by a lockdown', () => {
  it('of themselves is told once who did it, why and whom to ask, however much of theirs it ends, and once at its lift', async () => {
    for (let round = 0; round < 3; round++) await asked('alice', 'orders-read');
    for (let round = 0; round < 2; round++) await asked('alice', 'orders-admin');
    await deliver();
    const before = notesTo('U0ALICE').length;
    const lockdownId = await lockDown({ kind: 'person', personId: 'alice' });
    await deliver();
    expect(notesTo('U0ALICE')).toHaveLength(before + 1);
    const [note = ''] = told('U0ALICE');
    expect(note).toContain('*You are locked down*, by <@U0BOB>');
    expect(note).toContain('"Why: laptop *stolen*"');
    expect(note).toContain('Ask <@U0BOB>, or somebody of leads.');
    expect(policyBlamed('U0ALICE')).toEqual([]);
    expect(told('U0CAROL')).toEqual([]);

    await lift(lockdownId);
    await deliver();
    expect(notesTo('U0ALICE')).toHaveLength(before + 2);
    expect(told('U0ALICE')[1]).toContain('*You are no longer locked down*: <@U0CAROL> lifted it');
  });

  it('of a role is told so, and nobody else is', async () => {
    await asked('alice', 'orders-read');
    await asked('alice', 'orders-read');
    await asked('carol', 'orders-read');
    await asked('bob', 'payments-admin');
    const scope = { kind: 'role', accountId: '222222222222', roleName: 'daypass-jit-orders-read' } as const;
    const lockdownId = await lockDown(scope);
    await deliver();
    for (const userId of ['U0ALICE', 'U0CAROL']) {
      expect(told(userId)).toEqual([
        expect.stringContaining('*The role daypass-jit-orders-read in production is locked down*, by <@U0BOB>'),
      ]);
    }
    expect(told('U0BOB')).toEqual([]);
    await lift(lockdownId);
    await deliver();
    expect(['U0ALICE', 'U0BOB', 'U0CAROL'].map((userId) => told(userId).length)).toEqual([2, 0, 2]);
  });

  it('that began and was lifted before Slack was told of either, hears of both in one message', async () => {
    await lift(await lockDown({ kind: 'person', personId: 'alice' }));
    const [begun, ...rest] = world.events.splice(0).filter(({ name }) => name.startsWith('lockdown.'));
    for (const event of [...rest, ...(begun ? [begun] : [])]) await notify(event, ports);
    expect(told('U0ALICE')).toEqual([expect.stringContaining('It was lifted')]);
  });
});
