import { beforeEach, describe, expect, it } from 'vitest';
import { lockdownEnd } from '#core/grant/grant.ts';
import type { LockdownScope } from '#core/lockdown/lockdown.ts';
import { tallyOf } from '#core/lockdown/tally.ts';
import { firstBreak } from '#core/request/audit-chain.ts';
import { turnableClock } from '#local/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { openWorld, type World, withPorts } from '#test/kit/world.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { findLocked } from '#usecases/lockdown/find-locked.ts';
import { finishLockdown } from '#usecases/lockdown/finish-lockdown.ts';
import { liftLockdown } from '#usecases/lockdown/lift-lockdown.ts';
import { previewLockdown } from '#usecases/lockdown/preview-lockdown.ts';
import { revokeLocked } from '#usecases/lockdown/revoke-locked.ts';
import { settleLockdowns } from '#usecases/lockdown/settle-lockdowns.ts';
import { endDenied } from '#usecases/revoke/end-denied.ts';

const clock = turnableClock();
let world: World;
let execution: 'running' | 'ended' | 'absent';
let duringSts: () => Promise<unknown>;
beforeEach(() => {
  world = openWorld({ clock });
  execution = 'ended';
  duringSts = async () => undefined;
});

const ports = (): Ports => {
  const { assumeRole } = world.ports.tokenService;
  return withPorts(world.ports, {
    workflows: { status: async () => execution },
    tokenService: { assumeRole: async (order) => duringSts().then(() => assumeRole(order)) },
  });
};

const ofAlice: LockdownScope = { kind: 'person', personId: 'alice' };
const admin = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const readRole = 'arn:aws:iam::222222222222:role/daypass-jit-orders-read';

const asked = async (entitlementId = 'orders-admin', personId = 'alice'): Promise<string> => {
  const requestId = ports().ids.ulid();
  await submitRequest({ requestId, personId, entitlementId, durationSec: 3600, reason: 'fixing INC-42' }, ports());
  return requestId;
};
const approve = (requestId: string, personId = 'bob') => castVote({ requestId, personId, verdict: 'approve' }, ports());
const approved = async (personId = 'alice'): Promise<string> => {
  const requestId = await asked('orders-admin', personId);
  expect((await approve(requestId)).ok).toBe(true);
  return requestId;
};
const live = async (personId?: string): Promise<string> => {
  const requestId = await approved(personId);
  await activateGrant({ requestId }, ports());
  return requestId;
};
const minted = async (requestId: string, personId = 'alice') => mintCredentials({ requestId, personId }, ports());

const lockDown = async (scope: LockdownScope = ofAlice, personId = 'bob', lockdownId = ports().ids.ulid()) => {
  const outcome = await beginLockdown({ lockdownId, scope, reason: 'laptop stolen', personId }, ports());
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return lockdownId;
};
/** What the workflow does. */
const work = async (lockdownId: string): Promise<void> => {
  for (;;) {
    const { slices } = await findLocked({ lockdownId }, ports());
    if (slices.length === 0) break;
    for (const subjects of slices) await revokeLocked({ lockdownId, subjects }, ports());
  }
  await finishLockdown({ lockdownId }, ports());
};
const statusOf = async (id: string): Promise<string | undefined> => (await ports().requests.get(id))?.status;
const tally = async (id: string) => tallyOf(await ports().lockdowns.hits(id));

describe('a lockdown that is begun', () => {
  it('while STS is answering: nothing is handed out, and the session that exists is denied', async () => {
    const requestId = await live();
    let lockdownId = '';
    duringSts = async () => {
      lockdownId = await lockDown();
    };
    expect(await minted(requestId)).toMatchObject({ ok: false, refusal: { code: 'locked-down' } });
    expect(await ports().requests.get(requestId)).toMatchObject({
      status: 'ending',
      end: { reason: 'lockdown', by: 'bob' },
    });
    await work(lockdownId);
    expect(await statusOf(requestId)).toBe('ended');
    expect(world.denies.get(admin)).toContain(requestId);
  });

  it('after the mint looked: the session is on record by then, and the workflow denies it', async () => {
    const requestId = await live();
    expect((await minted(requestId)).ok).toBe(true);
    await work(await lockDown());
    expect(world.denies.get(admin)).toContain(requestId);
    expect(await minted(requestId)).toMatchObject({ ok: false, refusal: { code: 'locked-down' } });
  });

  it.each([0, 1])('between the looks of an activation (look %i): the window does not stay open', async (look) => {
    const requestId = await approved();
    let looks = 0;
    const real = ports();
    const register = async () => {
      const answer = await real.lockdowns.register();
      if (looks++ === look) await lockDown();
      return answer;
    };
    await activateGrant({ requestId }, { ...real, lockdowns: { ...real.lockdowns, register } });
    if (look === 0) expect(await statusOf(requestId)).toBe('ending');
    await clock.turn(61_000);
    await settleLockdowns(ports());
    expect(await statusOf(requestId)).toBe('ended');
    expect((await minted(requestId)).ok).toBe(false);
  });

  it('before the vote: approving is refused, a no is still taken, and nobody who is locked down approves', async () => {
    const [waiting, other] = [await asked(), await asked('orders-admin', 'carol')];
    await lockDown();
    await lockDown({ kind: 'person', personId: 'bob' }, 'carol');
    expect(await approve(waiting, 'carol')).toMatchObject({ ok: false, refusal: { code: 'locked-down' } });
    expect(await approve(other)).toMatchObject({ ok: false, refusal: { code: 'locked-down' } });
    expect(
      await castVote({ requestId: waiting, personId: 'carol', verdict: 'deny', reason: 'no' }, ports()),
    ).toMatchObject({
      ok: true,
    });
  });

  it('before the activation: what was approved is refused', async () => {
    const requestId = await approved();
    await lockDown();
    expect((await activateGrant({ requestId }, ports())).status).toBe('refused');
  });

  it('by two people at once is one; confirmed twice is one; another one of the same is told whose it is', async () => {
    const id = ports().ids.ulid();
    const attempts = await Promise.allSettled([lockDown(ofAlice, 'bob', id), lockDown(ofAlice, 'bob', id)]);
    expect(attempts.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const both = await Promise.allSettled([lockDown(ofAlice, 'carol'), lockDown(ofAlice, 'carol')]);
    expect(both.map((each) => (each.status === 'rejected' ? String(each.reason) : ''))).toEqual([
      expect.stringContaining('Alice is locked down already, by Bob'),
      expect.stringContaining('Alice is locked down already, by Bob'),
    ]);
    expect((await ports().lockdowns.register()).lockdowns).toHaveLength(1);
    expect(world.published.filter(({ name }) => name === 'lockdown.begun')).toHaveLength(1);
  });

  it('is not for those whom the policy does not name, and takes a reason', async () => {
    const order = { lockdownId: ports().ids.ulid(), scope: ofAlice, personId: 'alice', reason: 'fun' };
    expect(await beginLockdown(order, ports())).toMatchObject({ refusal: { code: 'not-allowed' } });
    expect(await previewLockdown({ scope: ofAlice, personId: 'dave' }, ports())).toMatchObject({ ok: false });
    expect(await beginLockdown({ ...order, personId: 'bob', reason: ' ' }, ports())).toMatchObject({
      refusal: { code: 'invalid-input' },
    });
  });
});

describe('the work of a lockdown', () => {
  it('writes each role once, however many grants there are on it, and nobody else’s', async () => {
    const mine = [await live(), await live(), await live()];
    const theirs = await live('carol');
    for (const id of mine) await minted(id);
    await minted(theirs, 'carol');
    const id = await lockDown();
    await work(id);
    expect(world.writes).toEqual([admin]);
    expect(await Promise.all([...mine, theirs].map(statusOf))).toEqual(['ended', 'ended', 'ended', 'active']);
    expect(world.denies.get(admin)).not.toContain(theirs);
    expect(await tally(id)).toMatchObject({ grants: 3, verified: 3, failed: [] });
  });

  it('of one grant that fails leaves the others ended, and is finished when the role is back', async () => {
    const [first, second] = [await live(), await asked('orders-read')];
    await activateGrant({ requestId: second }, ports());
    await minted(first);
    await minted(second);
    world.unreachable.add(admin);
    const lockdownId = await lockDown();
    const { slices } = await findLocked({ lockdownId }, ports());
    await expect(revokeLocked({ lockdownId, subjects: slices.flat() }, ports())).rejects.toThrow('cannot be reached');
    expect(await statusOf(second)).toBe('ended');
    expect(world.denies.get(readRole)).toContain(second);
    await clock.turn(61_000);
    await settleLockdowns(ports());
    expect(await tally(lockdownId)).toMatchObject({ grants: 2, verified: 1, failed: [first] });
    expect(await ports().requests.get(first)).toMatchObject({
      status: 'ending',
      failure: { error: expect.stringContaining('cannot be reached') },
    });
    world.unreachable.clear();
    await settleLockdowns(ports());
    expect(await tally(lockdownId)).toMatchObject({ grants: 2, verified: 2, failed: [] });
    expect(await settleLockdowns(ports())).toEqual([]);
  });

  it('ends a grant that got one more session after the deny was written in its own name, not that of a failure', async () => {
    const requestId = await live();
    expect((await minted(requestId)).ok).toBe(true);
    const at = new Date(clock.nowMs()).toISOString();
    const end = lockdownEnd({ id: '01JD8Q00000000000000000000', begunBy: 'carol' }, at);
    await endDenied({ requestId, how: 'no-session', coversUntil: '', end }, ports());
    expect(await ports().requests.get(requestId)).toMatchObject({
      status: 'ended',
      how: 'denied',
      end: { reason: 'lockdown', by: 'carol', lockdownId: '01JD8Q00000000000000000000' },
    });
    expect(world.denies.get(admin)).toContain(requestId);
  });

  it('of a whole account reaches every role of it, and closes what waits', async () => {
    const [requestId, waiting] = [await live(), await asked('orders-admin', 'carol')];
    const id = await lockDown({ kind: 'account', accountId: '222222222222' });
    await work(id);
    expect(await tally(id)).toEqual({
      grants: 1,
      verified: 1,
      closed: 1,
      failed: [],
      roles: { verified: 3, all: 3 },
    });
    expect([await statusOf(requestId), await statusOf(waiting)]).toEqual(['ended', 'refused']);
    expect(world.denies.get(readRole)).toContain('DaypassEverySession');
  });

  it('begins where it was never started, and leaves alone what runs or is young', async () => {
    const requestId = await live();
    const id = await lockDown();
    execution = 'absent';
    expect(await settleLockdowns(ports())).toEqual([]);
    await clock.turn(61_000);
    execution = 'running';
    expect(await settleLockdowns(ports())).toEqual([]);
    expect(await statusOf(requestId)).toBe('active');
    execution = 'absent';
    expect(await settleLockdowns(ports())).toEqual([id]);
    expect(world.workflow).toEqual([`start lockdown ${id}`]);
  });
});

it('what a lockdown met is never forgotten by finding it again', async () => {
  const { lockdowns } = ports();
  await lockdowns.note('01J', [{ subject: { kind: 'request', requestId: '01A' }, outcome: 'verified' }]);
  await lockdowns.note('01J', [
    { subject: { kind: 'request', requestId: '01A' }, outcome: 'found' },
    { subject: { kind: 'request', requestId: '01B' }, outcome: 'found' },
  ]);
  expect(await lockdowns.hits('01J')).toEqual([
    { subject: { kind: 'request', requestId: '01A' }, outcome: 'verified' },
    { subject: { kind: 'request', requestId: '01B' }, outcome: 'found' },
  ]);
});

describe('lifting', () => {
  const lift = (lockdownId: string, personId: string) =>
    liftLockdown({ lockdownId, personId, reason: 'over' }, ports());

  it('lets people ask again, once, by the same group, and the audit is whole', async () => {
    const id = await lockDown();
    expect(await lift(id, 'alice')).toMatchObject({ refusal: { code: 'not-allowed' } });
    expect(await lift(id, 'carol')).toMatchObject({ ok: true });
    expect(await lift(id, 'carol')).toMatchObject({ ok: true });
    expect(await lift(id, 'bob')).toMatchObject({ refusal: { code: 'already-decided' } });
    expect(await statusOf(await asked())).toBe('pending');
    const entries = await ports().lockdowns.audit(id);
    expect(entries.map(({ fact }) => fact)).toEqual(['lockdown.begun', 'lockdown.lifted']);
    expect(firstBreak(entries, (await ports().lockdowns.get(id))?.auditHead ?? '')).toBeUndefined();
  });

  it('is not for somebody who is locked down, not even of another lockdown', async () => {
    const other = await lockDown();
    const own = await lockDown({ kind: 'person', personId: 'bob' }, 'bob');
    expect(await lift(own, 'bob')).toMatchObject({ refusal: { code: 'locked-down' } });
    expect(await lift(other, 'bob')).toMatchObject({ refusal: { code: 'locked-down' } });
    expect(await lift(own, 'carol')).toMatchObject({ ok: true });
    expect(await lift(other, 'bob')).toMatchObject({ ok: true });
  });

  it('in the middle of the work ends no further grant, and the work comes to its end', async () => {
    const requestId = await live();
    const lockdownId = await lockDown();
    const { slices } = await findLocked({ lockdownId }, ports());
    await lift(lockdownId, 'carol');
    await revokeLocked({ lockdownId, subjects: slices.flat() }, ports());
    expect(await statusOf(requestId)).toBe('active');
    expect(await findLocked({ lockdownId }, ports())).toEqual({ slices: [] });
  });
});

it('what is asked for under a lockdown is refused with who and how, and kept', async () => {
  await lockDown();
  const requestId = ports().ids.ulid();
  const ask = { requestId, personId: 'alice', entitlementId: 'orders-read', durationSec: 60, reason: 'INC-42' };
  expect(await submitRequest(ask, ports())).toMatchObject({
    ok: false,
    refusal: {
      code: 'locked-down',
      next: { do: 'have-lifted', who: 'Somebody of leads other than you', kind: 'person', name: 'alice' },
    },
  });
  expect(await statusOf(requestId)).toBe('refused');
});

it('a preview counts grants, sessions and what waits, and names the approvers who lose their own', async () => {
  await minted(await live());
  await live('carol');
  await asked('payments-admin');
  const scope: LockdownScope = { kind: 'account', accountId: '222222222222' };
  const outcome = await previewLockdown({ scope, personId: 'bob' }, ports());
  expect(outcome).toMatchObject({
    value: { grants: 2, sessions: 1, waiting: 1, people: ['alice', 'carol'], approvers: ['carol'] },
  });
});
