import { decodeTime, encodeTime } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answered, closed } from '#core/alert/answer.ts';
import { raised } from '#core/alert/fold.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import type { Finding } from '#core/detection/finding.ts';
import { activate, intendSession, recordSession } from '#core/grant/grant.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { begun, finished, lifted } from '#core/lockdown/change.ts';
import type { RequestIn } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import { approve, cancel, deny } from '#core/request/waiting.ts';
import { inMemory, onDynamoDb, type Subject } from '#test/kit/stores/subjects.ts';

describe.each([
  ['in memory, as the model has them', inMemory],
  ['on the embedded DynamoDB', onDynamoDb],
])('the stores %s', (_, open) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await open();
  });
  afterAll(() => subject.stop());

  let count = 0;
  const nextId = (): string => `01JD8QSTORE${String(++count).padStart(15, '0')}`;
  const at = '2026-11-22T10:00:00.000Z';
  const submitted = (id: string, personId = 'alice') =>
    submit({
      id,
      ask: { personId, entitlementId: 'orders-admin', durationSec: 60, reason: 'fixing INC-42' },
      decision: {
        verdict: 'needs-approval',
        policyDigest: 'd',
        trace: [],
        count: 1,
        approvers: ['bob'],
        groups: ['leads'],
      },
      accountId: '222222222222',
      roleName: 'daypass-jit-orders-admin',
      at,
      lapsesAt: '2026-11-23T10:00:00.000Z',
    });
  const yes = { personId: 'bob', verdict: 'approve', at } as const;

  describe('sessions', () => {
    const live = async (personId: string) => {
      const { requests } = subject;
      const change = submitted(nextId(), personId);
      await requests.save(change);
      const approved = approve(change.request as RequestIn<'pending'>, yes, true);
      await requests.save(approved);
      const active = activate(approved.request as RequestIn<'approved'>, at);
      await requests.save(active);
      return active.request;
    };
    const first = '01KB00000G0000000000000001';
    const second = '01KB000010000000000000000A';

    it('are saved with the change of their request, and found by their mint, their key and their person', async () => {
      const { requests, sessions } = subject;
      const request = await live('erin');
      const intended = intendSession(request, first, at, 900);
      await requests.save(intended);
      expect(await sessions.byMintId(first)).toStrictEqual(intended.session);
      const issued = { accessKeyId: 'ASIACONTRACT1', expiresAt: '2026-11-22T10:15:01.000Z' };
      const recorded = recordSession(intended.request, intended.session, issued, at);
      await requests.save(recorded);
      const session = { ...intended.session, issued, expiresBy: issued.expiresAt };
      expect(await sessions.byMintId(first)).toStrictEqual(session);
      expect(await sessions.byAccessKeyId('ASIACONTRACT1')).toStrictEqual(session);
      expect(await sessions.byAccessKeyId('ASIAUNKNOWN')).toBeUndefined();
      expect(await sessions.byMintId(second)).toBeUndefined();

      const more = intendSession(recorded.request, second, at, 900);
      await requests.save(more);
      expect((await sessions.ofPerson('erin', 0)).map(({ mintId }) => mintId)).toEqual([second, first]);
      expect((await sessions.ofPerson('erin', decodeTime(first) + 1)).map(({ mintId }) => mintId)).toEqual([second]);
      expect(await sessions.ofPerson('frank', 0)).toEqual([]);
      // Nor are they among their person's requests.
      expect((await requests.ofPerson('erin')).map(({ id }) => id)).toEqual([request.id]);
    });

    it('are not there where the change was not saved', async () => {
      const { requests, sessions } = subject;
      const request = await live('grace');
      const mintId = '01KB000010000000000000000B';
      const intended = intendSession(request, mintId, at, 900);
      await requests.save(intendSession(request, '01KB000010000000000000000C', at, 900));
      await expect(requests.save(intended)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await sessions.byMintId(mintId)).toBeUndefined();
    });
  });

  describe('requests', () => {
    it('give back what was saved, as a copy, without members that are undefined', async () => {
      const { requests } = subject;
      const change = submitted(nextId());
      const { ticket: _none, ...expected } = { ...change.request, ticket: undefined };
      await requests.save({ ...change, request: { ...expected, ticket: undefined } as never });
      const first = await requests.get(change.request.id);
      expect(first).toStrictEqual(expected);
      (first as { personId: string }).personId = 'mallory';
      expect(await requests.get(change.request.id)).toStrictEqual(expected);
    });

    it('refuse a version that does not follow the stored one, and write nothing of that change', async () => {
      const { requests, outbox, onTheBus } = subject;
      const change = submitted(nextId());
      await requests.save(change);
      const approved = approve(change.request as RequestIn<'pending'>, yes, true);
      const denied = deny(change.request as RequestIn<'pending'>, {
        personId: 'carol',
        verdict: 'deny',
        at,
        reason: 'no',
      });
      await requests.save(approved);
      await expect(requests.save(denied)).rejects.toMatchObject({ name: 'VersionConflict' });
      await expect(requests.save(change)).rejects.toMatchObject({ name: 'VersionConflict' });
      const later = activate(approved.request as RequestIn<'approved'>, at);
      const skipping = { ...later, request: { ...later.request, version: 9 } };
      await expect(requests.save(skipping)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await requests.get(change.request.id)).toStrictEqual(approved.request);
      expect(await requests.audit(change.request.id)).toEqual([change.audit, approved.audit]);
      onTheBus.length = 0;
      await outbox.publishLeftovers();
      const named = onTheBus.filter(({ detail }) => detail.eventId.startsWith(change.request.id));
      expect(named.map(({ name }) => name)).toEqual(['request.submitted', 'request.approved']);
    });

    it('refuse a first version where the id is taken', async () => {
      const { requests } = subject;
      const id = nextId();
      await requests.save(submitted(id));
      await expect(requests.save(submitted(id, 'bob'))).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await requests.get(id)).toMatchObject({ personId: 'alice' });
    });

    it('are found by their status as long as they are open, and by their person newest first', async () => {
      const { requests } = subject;
      const [older, newer] = [nextId(), nextId()];
      const change = submitted(older, 'dave');
      await requests.save(change);
      await requests.save(submitted(newer, 'dave'));
      const of = async (status: 'pending' | 'approved') =>
        (await requests.withStatus(status)).filter(({ personId }) => personId === 'dave').map(({ id }) => id);
      expect(await of('pending')).toEqual([newer, older]);
      await requests.save(approve(change.request as RequestIn<'pending'>, yes, true));
      expect(await of('pending')).toEqual([newer]);
      expect(await of('approved')).toEqual([older]);
      expect((await requests.ofPerson('dave')).map(({ id }) => id)).toEqual([newer, older]);
      expect((await requests.ofPerson('dave', 1)).map(({ id }) => id)).toEqual([newer]);
      expect((await requests.ofPerson('dave', 1, newer)).map(({ id }) => id)).toEqual([older]);
      expect(await requests.ofPerson('dave', 50, older)).toEqual([]);
      const third = nextId();
      await requests.save(submitted(third, 'dave'));
      const page = async (limit: number, before?: string) =>
        (await requests.withStatus('pending', { limit, before })).map(({ id }) => id);
      expect(await page(1)).toEqual([third]);
      expect(await page(1, third)).toEqual([newer]);
      expect((await page(100, third)).includes(third)).toBe(false);
      expect(await requests.get('01JD8QABSENT000000000000000')).toBeUndefined();
      expect(await requests.audit('01JD8QABSENT000000000000000')).toEqual([]);
    });
  });

  describe('ledgers', () => {
    const entry = { grantId: '01JD8QGRANT', revokedAt: at, coversUntil: '2026-11-22T11:00:00.000Z' };

    it('are empty, version 0, where there is none yet, and take one version after the other', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-a';
      expect(await ledgers.get(role)).toStrictEqual(emptyLedger(role));
      const first = { ...emptyLedger(role), version: 1, entriesVersion: 1, entries: [entry] };
      await ledgers.save(first);
      await expect(ledgers.save(first)).rejects.toMatchObject({ name: 'VersionConflict' });
      await expect(ledgers.save({ ...first, version: 3 })).rejects.toMatchObject({ name: 'VersionConflict' });
      await ledgers.save({ ...first, version: 2, appliedVersion: 1 });
      expect(await ledgers.get(role)).toStrictEqual({ ...first, version: 2, appliedVersion: 1 });
    });

    it('have one writer at a time, with a greater fencing number each time', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-b';
      const { fence: first } = await ledgers.acquire(role, 30);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
      await ledgers.release(role, first);
      const { fence: second } = await ledgers.acquire(role, 30);
      expect(second).toBeGreaterThan(first);
      await ledgers.release(role, first);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
    });

    it('give the role to the next one when the lease has run out, to the millisecond', async () => {
      const { ledgers, clock } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-c';
      const { fence: first } = await ledgers.acquire(role, 30);
      clock.turn(29_999);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
      clock.turn(1);
      const { fence: second } = await ledgers.acquire(role, 30);
      expect(second).toBe(first + 1);
      await ledgers.release(role, first);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
    });

    it('propose and give the role in one go; where somebody else has it, what is proposed waits for them', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-f';
      const longer = { ...entry, coversUntil: '2026-11-22T12:00:00.000Z' };
      const saved = { ...emptyLedger(role), version: 1 };
      await ledgers.save(saved);
      const first = await ledgers.acquire(role, 30, [entry]);
      expect(first.ledger).toStrictEqual(saved);
      await expect(ledgers.acquire(role, 30, [longer])).rejects.toMatchObject({ name: 'RoleBusy' });
      expect(await ledgers.proposed(role)).toStrictEqual([entry, longer]);
      await ledgers.release(role, first.fence);
      const many = Array.from({ length: 120 }, (_, index) => ({ ...entry, grantId: `G${index}` }));
      expect((await ledgers.acquire(role, 30, many)).fence).toBeGreaterThan(first.fence);
      expect(await ledgers.proposed(role)).toHaveLength(122);
    });

    it('take the same revocation twice in one go as one', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-g';
      const longer = { ...entry, coversUntil: '2026-11-22T12:00:00.000Z' };
      await ledgers.acquire(role, 30, [entry, longer, entry]);
      expect(await ledgers.proposed(role)).toStrictEqual([entry, longer]);
    });

    it('keep what is proposed, each once, until it is settled', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-d';
      const longer = { ...entry, coversUntil: '2026-11-22T12:00:00.000Z' };
      expect(await ledgers.proposed(role)).toEqual([]);
      for (const each of [longer, entry, entry]) await ledgers.propose(role, each);
      expect(await ledgers.proposed(role)).toStrictEqual([entry, longer]);
      await ledgers.settle(role, [entry]);
      expect(await ledgers.isProposed(role, entry)).toBe(false);
      expect(await ledgers.isProposed(role, longer)).toBe(true);
      await ledgers.settle(role, [entry]);
      expect(await ledgers.proposed(role)).toStrictEqual([longer]);
    });

    it('record what the writer read back and give the role back, or neither where somebody else is the writer', async () => {
      const { ledgers, clock } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-e';
      const document = { entriesVersion: 1, digest: 'one', roleGone: false };
      const longer = { ...entry, coversUntil: '2026-11-22T12:00:00.000Z' };
      const { fence: late } = await ledgers.acquire(role, 30);
      await expect(ledgers.record(role, document, late, [])).rejects.toMatchObject({ name: 'RoleBusy' });
      const first = { ...emptyLedger(role), version: 1, entriesVersion: 1, entries: [entry] };
      await ledgers.save(first);
      clock.turn(30_000);
      const { fence } = await ledgers.acquire(role, 30);
      await expect(ledgers.record(role, document, late, [])).rejects.toMatchObject({ name: 'RoleBusy' });
      expect(await ledgers.get(role)).toStrictEqual(first);
      const pace = { level: 1, atMs: 1 };
      for (const each of [entry, longer]) await ledgers.propose(role, each);
      expect(await ledgers.record(role, { ...document, pace }, fence, [entry])).toEqual([]);
      const recorded = { ...first, version: 2, appliedVersion: 1, appliedDigest: 'one', roleGone: false, pace };
      expect(await ledgers.get(role)).toStrictEqual(recorded);
      expect(await ledgers.proposed(role)).toStrictEqual([longer]);
      const { fence: next } = await ledgers.acquire(role, 30);
      await expect(ledgers.record(role, { ...document, entriesVersion: 0 }, next, [longer])).rejects.toMatchObject({
        name: 'RoleBusy',
      });
      const restored = { at, count: 1 };
      await ledgers.record(role, { ...document, digest: 'two', restored }, next, []);
      expect(await ledgers.proposed(role)).toStrictEqual([longer]);
      expect(await ledgers.get(role)).toStrictEqual({ ...recorded, version: 3, appliedDigest: 'two', restored });
      expect((await ledgers.all()).filter(({ roleArn }) => roleArn === role)).toHaveLength(1);
    });
  });

  it('take one version of a chained role after the other, and list what is open', async () => {
    const { chains } = subject;
    const grantId = nextId();
    const role: ChainedRole = {
      grantId,
      roleArn: 'arn:aws:iam::333333333333:role/daypass-jit-reports',
      version: 1,
      firstAt: at,
      expiresBy: '2026-11-22T11:00:00.000Z',
      count: 1,
      sessions: [],
    };
    await chains.save({ role, events: [] });
    await expect(chains.save({ role, events: [] })).rejects.toMatchObject({ name: 'VersionConflict' });
    const open = async () => (await chains.open()).filter((each) => each.grantId === grantId);
    expect(await open()).toStrictEqual([role]);
    const denied = { ...role, version: 2, deniedAt: at };
    await chains.save({ role: denied, events: [] });
    expect(await open()).toEqual([]);
    expect(await chains.ofGrant(grantId)).toStrictEqual([denied]);
  });

  it('find what a person asked in a time, however much was asked since', async () => {
    const { requests } = subject;
    const asked = (ms: number, letter: string) => submitted(`${encodeTime(ms, 10)}${letter.repeat(16)}`, 'dave');
    const times: [number, string][] = [
      [1_000, 'A'],
      [2_000, 'A'],
      [2_000, 'Z'],
      [3_000, 'A'],
    ];
    const changes = times.map(([ms, letter]) => asked(ms, letter));
    for (const change of changes) await requests.save(change);
    const [, first, last] = changes;
    expect(await requests.askedBetween('dave', 1_001, 2_000)).toEqual([last?.request, first?.request]);
    expect(await requests.askedBetween('erin', 0, 9_000)).toEqual([]);
  });

  it('find what of a person is open, however much that is closed they asked since', async () => {
    const { requests } = subject;
    const asked = (ms: number) => submitted(`${encodeTime(ms, 10)}${'G'.repeat(16)}`, 'ivan');
    const [before, open, gone] = [asked(1_000), asked(2_000), asked(3_000)];
    for (const change of [before, open, gone]) await requests.save(change);
    await requests.save(cancel(gone.request as RequestIn<'pending'>, at));
    expect((await requests.openOf('ivan', 2_000)).map(({ id }) => id)).toEqual([open.request.id]);
    expect((await requests.openOf('ivan', 0)).map(({ id }) => id)).toEqual([open.request.id, before.request.id]);
    expect(await requests.openOf('heidi', 0)).toEqual([]);
  });

  describe('alerts', () => {
    const finding: Finding = {
      detection: 'assumed-without-grant',
      severity: 'critical',
      dedupKey: 'k',
      summary: 'Something.',
      at,
      eventId: 'e1',
      accountId: '222222222222',
      roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
      session: { userId: 'AROA:x', expiresBy: at },
      facts: { Why: 'the session carries no grant' },
    };
    const published = async (): Promise<string[]> => {
      subject.onTheBus.length = 0;
      await subject.outbox.publishLeftovers();
      return subject.onTheBus.map(({ detail }) => detail.eventId);
    };

    it('come back as they were saved, with their events in the outbox, and stay open until they are closed', async () => {
      const { alerts } = subject;
      await published();
      const first = raised('alert-1', finding, at);
      expect(await alerts.get('alert-1')).toBeUndefined();
      await alerts.save(first);
      expect(await alerts.get('alert-1')).toEqual(first.alert);
      expect(await published()).toEqual(['alert-1.1']);
      expect(await alerts.open()).toEqual([first.alert]);

      const second = answered(first.alert, { action: 'revoke', at, by: 'bob' });
      await alerts.save(second);
      expect(await alerts.open()).toEqual([second.alert]);

      await alerts.save(closed(second.alert, 'Done.', at));
      expect(await alerts.open()).toEqual([]);
      expect(await published()).toEqual(['alert-1.2', 'alert-1.3']);
    });

    it('let so many into a group and no more, also at once, and the same ones again', async () => {
      const { alerts } = subject;
      const group = { id: 'a role, an hour', most: 3 };
      const ids = Array.from({ length: 8 }, (_, index) => `alert-of-group-${index}`);
      const admitted = async () => Promise.all(ids.map((id) => alerts.admit(id, group, Date.parse(at))));
      const first = await admitted();
      expect(first.filter((is) => is)).toHaveLength(3);
      expect(await admitted()).toEqual(first);
      expect(await alerts.admit('alert-of-group-0', { ...group, id: 'another' }, Date.parse(at))).toBe(true);
    });

    it('tell one of two writers of one version, and leave nothing of it behind', async () => {
      const { alerts } = subject;
      await published();
      const first = raised('alert-2', finding, at);
      const outcomes = await Promise.allSettled([alerts.save(first), alerts.save(first)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { name: 'VersionConflict' },
      });
      const skipped = { ...first.alert, version: 3 };
      await expect(alerts.save({ alert: skipped, events: [] })).rejects.toMatchObject({ name: 'VersionConflict' });
      expect((await alerts.get('alert-2'))?.version).toBe(1);
      expect(await published()).toEqual(['alert-2.1']);
    });
  });

  it('keep lockdowns, what is in force of them, and what they met', async () => {
    const { lockdowns } = subject;
    const order = { scope: { kind: 'person', personId: 'alice' }, reason: 'INC-42', at, by: 'bob' } as const;
    const [one, other] = [begun({ ...order, id: nextId() }, {}), begun({ ...order, id: nextId() }, {})];
    const register = await lockdowns.register();
    expect(register).toStrictEqual({ version: 0, lockdowns: [] });
    await lockdowns.save(one, register);
    await expect(lockdowns.save(other, register)).rejects.toMatchObject({ name: 'VersionConflict' });
    expect(await lockdowns.get(other.lockdown.id)).toBeUndefined();
    const { id } = one.lockdown;
    const { scope, reason, by, at: begunAt } = order;
    const inForce = { id, scope, reason, begunAt, begunBy: by };
    expect(await lockdowns.register()).toStrictEqual({ version: 1, lockdowns: [inForce] });
    await lockdowns.note(id, [{ subject: { kind: 'request', requestId: 'B' }, outcome: 'verified' }]);
    await lockdowns.note(id, [
      { subject: { kind: 'request', requestId: 'B' }, outcome: 'found' },
      { subject: { kind: 'request', requestId: 'A' }, outcome: 'found' },
    ]);
    const hits = await lockdowns.hits(id);
    expect(hits).toStrictEqual([
      { subject: { kind: 'request', requestId: 'A' }, outcome: 'found' },
      { subject: { kind: 'request', requestId: 'B' }, outcome: 'verified' },
    ]);
    const end = finished(one.lockdown, hits, at);
    if (!end) throw new Error('It was not finished before.');
    await lockdowns.save(end);
    const lift = lifted(end.lockdown as typeof end.lockdown & { status: 'in-force' }, {
      at,
      by: 'carol',
      reason: 'found',
    });
    await expect(lockdowns.save(lift, register)).rejects.toMatchObject({ name: 'VersionConflict' });
    await lockdowns.save(lift, await lockdowns.register());
    expect(await lockdowns.register()).toStrictEqual({ version: 2, lockdowns: [] });
    expect(await lockdowns.get(id)).toStrictEqual(lift.lockdown);
    expect(await lockdowns.audit(id)).toStrictEqual([one.audit, end.audit, lift.audit]);
  });

  it('keep the newest task token of each gate of each execution', async () => {
    const { taskTokens } = subject;
    const name = nextId();
    expect(await taskTokens.find(name, 'AwaitEnd')).toBeUndefined();
    await taskTokens.keep(name, 'AwaitEnd', { taskToken: 'first', until: '2026-11-22T10:30:00.000Z' });
    await taskTokens.keep(name, 'AwaitEnd', { taskToken: 'second', until: '2026-11-22T11:00:00.000Z' });
    await taskTokens.keep(name, 'AwaitApproval', { taskToken: 'other' });
    expect(await taskTokens.find(name, 'AwaitEnd')).toStrictEqual({
      taskToken: 'second',
      until: '2026-11-22T11:00:00.000Z',
    });
    expect(await taskTokens.find(name, 'AwaitApproval')).toStrictEqual({ taskToken: 'other' });
    await taskTokens.keep(name, 'AwaitEnd', { taskToken: 'third' });
    expect(await taskTokens.find(name, 'AwaitEnd')).toStrictEqual({ taskToken: 'third' });
  });

  it('let who waits at a gate and who comes to open it find each other, whoever is first', async () => {
    const { taskTokens } = subject;
    const name = nextId();
    expect(await taskTokens.keep(name, 'AwaitApproval', { taskToken: 'first' })).toBe(false);
    expect(await taskTokens.cameTooEarly(name, 'AwaitApproval')).toStrictEqual({ taskToken: 'first' });
    expect(await taskTokens.cameTooEarly(name, 'AwaitEnd')).toBeUndefined();
    expect(await taskTokens.find(name, 'AwaitEnd')).toBeUndefined();
    expect(await taskTokens.keep(name, 'AwaitEnd', { taskToken: 'second', until: at })).toBe(true);
    expect(await taskTokens.cameTooEarly(name, 'AwaitEnd')).toStrictEqual({ taskToken: 'second', until: at });
    // Whoever waits again after a failure has to look again, too.
    expect(await taskTokens.keep(name, 'AwaitEnd', { taskToken: 'third' })).toBe(true);
  });

  it('publish what a save left behind once, and what was published no more', async () => {
    const { requests, outbox, onTheBus } = subject;
    await outbox.publishLeftovers();
    const change = submitted(nextId());
    await requests.save(change);
    onTheBus.length = 0;
    expect(await outbox.publishLeftovers(nextId())).toBe(0);
    expect(await outbox.publishLeftovers(change.request.id)).toBe(1);
    expect(await outbox.publishLeftovers()).toBe(0);
    expect(onTheBus).toStrictEqual(change.events);
    const next = approve(change.request as RequestIn<'pending'>, yes, true);
    await requests.save(next);
    await outbox.publish(next.events);
    expect(await outbox.publishLeftovers()).toBe(0);
    expect(onTheBus).toStrictEqual([...change.events, ...next.events]);
  });
});
