import { describe, expect, it } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { RequestChange } from '#ports/request-store.ts';
import { active, endedAt } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { revocationWorld } from '#test/fixtures/revocation-world.ts';
import { detect } from '#usecases/alert/detect.ts';
import { applyLedger } from '#usecases/revoke/apply-ledger.ts';
import { endDeniedGrants } from '#usecases/revoke/end-denied-grants.ts';
import { restoreDeny } from '#usecases/revoke/restore-deny.ts';
import { sweepLedgers } from '#usecases/revoke/sweep-ledgers.ts';

type World = ReturnType<typeof revocationWorld>;

const revoked = async (): Promise<World> => {
  const world = revocationWorld();
  await world.revoke();
  return world;
};

const consoleButton = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: ['*'],
      Resource: ['*'],
      Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:30:00Z' } },
    },
  ],
});

const interferences: readonly [string, (world: World) => void, (deny: string) => void][] = [
  ['deleted it', (world) => world.denies.delete(records.ordersAdmin), () => {}],
  [
    'edited it',
    (world) =>
      world.denies.set(records.ordersAdmin, world.denyOf().replace(records.grantId, '01JD8Q00000000000000000XXX')),
    (deny) => expect(deny).not.toContain('01JD8Q00000000000000000XXX'),
  ],
  [
    'put an Allow in its place',
    (world) =>
      world.denies.set(
        records.ordersAdmin,
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
      ),
    (deny) => expect(deny).not.toContain('Allow'),
  ],
  [
    'pressed the console’s Revoke button over it',
    (world) => world.denies.set(records.ordersAdmin, consoleButton),
    (deny) => expect(JSON.parse(deny).Statement).toContainEqual(JSON.parse(consoleButton).Statement[0]),
  ],
];

describe.each(interferences)('case 58: where somebody %s', (_, interfere, others) => {
  it('the sweeper puts the deny back, keeps what others deny, records it, and tells once', async () => {
    const world = await revoked();
    interfere(world);
    expect(await sweepLedgers(world.ports)).toEqual({ mended: [records.ordersAdmin], failing: [] });
    expect(world.denyOf()).toContain(records.grantId);
    others(world.denyOf());
    expect(world.ledgers.get(records.ordersAdmin)?.restored?.count).toBe(1);
    expect(world.theAlert()).toMatchObject({ detection: 'deny-policy-tampered', severity: 'critical', count: 1 });
    expect(await sweepLedgers(world.ports)).toEqual({ mended: [], failing: [] });
    expect(world.theAlert().count).toBe(1);
  });

  it('the event puts it back at once, and the detector alone tells who did it', async () => {
    const world = await revoked();
    interfere(world);
    await restoreDeny(records.denyDeleted, world.ports);
    await detect(records.denyDeleted, world.ports);
    await restoreDeny(records.denyDeleted, world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.theAlert()).toMatchObject({ detection: 'deny-policy-tampered', count: 1 });
    expect(world.theAlert().first.summary).toContain('production-admin');
    await sweepLedgers(world.ports);
    expect(world.theAlert().count).toBe(1);
  });

  it('the event that comes after the sweeper is an alert that says who did it', async () => {
    const world = await revoked();
    interfere(world);
    await sweepLedgers(world.ports);
    await detect(
      {
        ...records.denyDeleted,
        detail: { ...(records.denyDeleted.detail as object), eventTime: '2026-11-22T10:06:00Z' },
      },
      world.ports,
    );
    expect([...world.alerts.values()].map(({ count, first }) => [count, first.facts.Caller])).toEqual([
      [1, undefined],
      [1, 'arn:aws:iam::222222222222:user/production-admin'],
    ]);
  });
});

describe('case 58: the console’s button, of which the role shows nothing any more', () => {
  const roleWide = (world: World): unknown[] =>
    (JSON.parse(world.denyOf()) as { Statement: { Sid?: string; Condition: unknown }[] }).Statement.filter(
      ({ Sid }) => Sid === 'DaypassEverySession',
    ).map(({ Condition }) => Condition);
  const pressed = consoleButton.replace('10:30:00Z', '10:05:31.138Z');
  const before = [{ DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:05:31.138Z' } }];

  it('is in force again by its event, once however often it comes', async () => {
    const world = await revoked();
    await restoreDeny(records.policyWritten(pressed), world.ports);
    expect(roleWide(world)).toEqual(before);
    expect(world.denyOf()).toContain(records.grantId);
    const { entriesVersion } = world.ledgers.get(records.ordersAdmin) ?? {};
    await restoreDeny(records.policyWritten(pressed), world.ports);
    await restoreDeny(records.policyWritten(consoleButton.replace('10:30:00Z', '10:04:00Z')), world.ports);
    expect(world.ledgers.get(records.ordersAdmin)).toMatchObject({ entriesVersion });
    expect(roleWide(world)).toEqual(before);
    expect(world.calls.writes).toBe(2);
  });

  it('is in force also on a role on which nothing is revoked', async () => {
    const world = revocationWorld();
    await restoreDeny(records.policyWritten(pressed), world.ports);
    expect(roleWide(world)).toEqual(before);
  });

  it('is left to the letter where the role shows it', async () => {
    const world = revocationWorld();
    world.denies.set(records.ordersAdmin, pressed);
    await restoreDeny(records.policyWritten(pressed), world.ports);
    expect([world.denyOf(), world.calls.writes]).toEqual([pressed, 0]);
  });

  it('reaches five minutes beyond its event at most', async () => {
    const world = await revoked();
    await restoreDeny(
      records.policyWritten(consoleButton.replace('2026-11-22T10:30', '2099-01-01T00:00')),
      world.ports,
    );
    const { eventTime } = records.policyWritten('').detail as { eventTime: string };
    const most = new Date(Date.parse(eventTime) + 5 * 60_000).toISOString();
    expect(roleWide(world)).toEqual([{ DateLessThan: { 'aws:TokenIssueTime': most } }]);
  });

  it.each([
    ['was written by Daypass itself', records.policyWrittenByRevoker(pressed)],
    ['is another policy', records.policyWritten(pressed, { policyName: 'orders' })],
    ['denies something else', records.policyWritten(pressed.replace('["*"]', '["s3:*"]'))],
    ['is on a role of somebody else', records.policyWritten(pressed, { roleName: 'daypass-jit-of-others' })],
  ])('is not read into what %s', async (_, event) => {
    const world = await revoked();
    await restoreDeny(event, world.ports);
    expect([roleWide(world), world.calls.writes]).toEqual([[], 1]);
    expect([...world.ledgers.keys()]).toEqual([records.ordersAdmin]);
  });
});

describe('the deny of a role', () => {
  it('that is as Daypass left it is not written, and nobody is told', async () => {
    const world = await revoked();
    await sweepLedgers(world.ports);
    await restoreDeny(records.denyWrittenByRevoker, world.ports);
    expect(world.calls.writes).toBe(1);
    expect(world.alerts.size).toBe(0);
  });

  it('is not even looked at where the revoker wrote what is due: whoever wrote it reads it back', async () => {
    const world = await revoked();
    const own = records.policyWrittenByRevoker(world.denyOf());
    const readsBefore = world.calls.reads;
    await restoreDeny(own, world.ports);
    expect([world.calls.reads - readsBefore, world.calls.writes]).toEqual([0, 1]);
  });

  it('is put back where the revoker wrote what is not due any more', async () => {
    const world = await revoked();
    const older = world.denyOf().replace(records.grantId, '01JD8Q00000000000000000XXX');
    world.denies.set(records.ordersAdmin, older);
    await restoreDeny(records.policyWrittenByRevoker(older), world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.calls.writes).toBe(2);
  });

  it('is put back where somebody changed it after the revoker, by their own event', async () => {
    const world = await revoked();
    const own = records.policyWrittenByRevoker(world.denyOf());
    world.denies.set(records.ordersAdmin, consoleButton);
    await restoreDeny(own, world.ports);
    await restoreDeny(records.policyWritten(consoleButton), world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.calls.writes).toBe(2);
  });

  it('to which somebody added a denial of their own is right as it is', async () => {
    const world = await revoked();
    const both = JSON.parse(world.denyOf());
    both.Statement.push(JSON.parse(consoleButton).Statement[0]);
    world.denies.set(records.ordersAdmin, JSON.stringify(both));
    await sweepLedgers(world.ports);
    expect(world.calls.writes).toBe(1);
    expect(world.alerts.size).toBe(0);
  });

  it('that was lifted by the revoker itself is put back and told, since the detector believes the revoker', async () => {
    const world = await revoked();
    world.denies.set(records.ordersAdmin, consoleButton);
    await restoreDeny(records.denyWrittenByRevoker, world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.theAlert()).toMatchObject({ detection: 'deny-policy-tampered' });
  });

  it('is put back for every role where the event was too large to name one', async () => {
    const world = await revoked();
    world.denies.clear();
    await restoreDeny(records.padded('DeleteRolePolicy'), world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.theAlert().detection).toBe('deny-policy-tampered');
  });

  it('that was written by an earlier version, without a digest on record, is written anew and is no alarm', async () => {
    const world = await revoked();
    const { appliedDigest: _, ...old } = world.ledgers.get(records.ordersAdmin) ?? { appliedDigest: '' };
    world.ledgers.set(records.ordersAdmin, old as never);
    world.denies.clear();
    await sweepLedgers(world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    expect(world.alerts.size).toBe(0);
  });

  it('loses its entries once their last credential is dead, and then denies nobody, whether or not anybody revokes', async () => {
    const world = await revoked();
    await world.clock.turn(10 * 60_000);
    await sweepLedgers(world.ports);
    expect(world.denyOf()).toContain(records.grantId);
    await world.clock.turn(5 * 60_000);
    expect(await sweepLedgers(world.ports)).toMatchObject({ mended: [records.ordersAdmin] });
    expect(world.denyOf()).not.toContain(records.grantId);
    expect(world.ledgers.get(records.ordersAdmin)?.entries).toEqual([]);
    expect(await sweepLedgers(world.ports)).toEqual({ mended: [], failing: [] });
    expect(world.alerts.size).toBe(0);
  });

  it('that cannot be written keeps no other role waiting, and is counted', async () => {
    const world = await revoked();
    const other = 'arn:aws:iam::222222222222:role/daypass-jit-orders-read';
    world.ledgers.set(other, {
      ...(world.ledgers.get(records.ordersAdmin) as never as object),
      roleArn: other,
    } as never);
    world.denies.clear();
    world.faults.push('throttled');
    const { mended, failing } = await sweepLedgers(world.ports);
    expect([mended.length, failing.length]).toEqual([1, 1]);
  });
});

describe('a deny of Daypass on a role without a ledger', () => {
  it('is told, once, by the sweep of the hour', async () => {
    const world = revocationWorld(endedAt('2026-11-22T10:02:00.000Z', 'done'));
    await world.clock.turn(55 * 60_000);
    const denied = { Sid: 'DaypassGrants', Effect: 'Deny', Action: '*', Resource: '*' };
    world.denies.set(records.ordersAdmin, JSON.stringify({ Version: '2012-10-17', Statement: [denied] }));
    await sweepLedgers(world.ports);
    await sweepLedgers(world.ports);
    expect(world.theAlert()).toMatchObject({ detection: 'orphaned-deny', severity: 'low', count: 1 });
    expect(world.calls.writes).toBe(0);
  });
});

describe('people whose live sessions ended with a role that ran over', () => {
  const bobs: AccessRequest = {
    ...active,
    id: '01KB0000000000000000000009',
    personId: 'bob',
    status: 'active',
    grant: { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T12:00:00.000Z' },
  } as AccessRequest;

  it('are told once, and their grants go on', async () => {
    const world = revocationWorld();
    world.requests.set(bobs.id, bobs);
    // Room for the role-wide statement and nothing else.
    world.others.size = 10_240 - 230;
    await world.revoke();
    expect(world.denyOf()).toContain('DaypassEverySession');
    expect(world.ledgers.get(records.ordersAdmin)?.watermark?.cause).toEqual({ kind: 'overflow' });
    await sweepLedgers(world.ports);
    const told = world.published.filter(({ name }) => name === 'grant.interrupted');
    expect(told.map(({ detail }) => (detail as { requestId: string }).requestId)).toEqual([bobs.id]);
    expect(world.requests.get(bobs.id)).toMatchObject({
      status: 'active',
      interrupted: { issuedBefore: expect.any(String) },
    });
  });
});

describe('a role that denies nobody', () => {
  it('is left alone: its empty deny may be deleted, and nothing is written or told, sweep after sweep', async () => {
    const world = await revoked();
    await world.clock.turn(2 * 3_600_000);
    await sweepLedgers(world.ports);
    expect(world.denyOf()).toContain('DaypassNobody');
    const { writes } = world.calls;
    world.denies.delete(records.ordersAdmin);
    await sweepLedgers(world.ports);
    await restoreDeny(records.denyDeleted, world.ports);
    await detect(records.denyDeleted, world.ports);
    await sweepLedgers(world.ports);
    expect(world.calls.writes).toBe(writes);
    expect(world.denies.has(records.ordersAdmin)).toBe(false);
    expect(world.alerts.size).toBe(0);
    // The revoker deletes nothing: whoever does that with it is not Daypass.
    await detect(records.denyDeletedByRevoker, world.ports);
    expect([...world.alerts.values()].map(({ detection }) => detection)).toContain('deny-policy-tampered');
  });

  it('has nothing written to it where there is nothing to deny', async () => {
    const world = revocationWorld();
    expect(await applyLedger({ roleArn: records.ordersAdmin }, world.ports)).toMatchObject({ outcome: 'in-force' });
    expect(world.calls.writes).toBe(0);
    expect(world.denies.size).toBe(0);
  });
});

describe('people one of whom made a role run over', () => {
  const grant = { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T12:00:00.000Z' };
  const live = (id: string, personId: string, more: object = {}) =>
    ({ ...active, id, personId, status: 'active', grant, ...more }) as AccessRequest;
  const elsewhere = { accountId: '333333333333', roleName: 'daypass-jit-reports' };

  it('are told where sessions of theirs may have ended with it, on this role or gone on to it, and nobody else is', async () => {
    const world = revocationWorld();
    const reach = { into: [records.ordersAdmin], leavesForMs: 0 };
    const theirs = live('01KB0000000000000000000021', 'alice');
    const onward = live('01KB0000000000000000000022', 'alice', { ...elsewhere, minted: { ...active.minted, reach } });
    const others = [live('01KB0000000000000000000023', 'bob'), live('01KB0000000000000000000024', 'alice', elsewhere)];
    for (const request of [theirs, onward, ...others]) world.requests.set(request.id, request);
    const mark = { everyOf: 'alice', revokedAt: '2026-11-22T10:05:00.000Z', coversUntil: '2026-11-22T11:00:00.000Z' };
    const stored = { ...emptyLedger(records.ordersAdmin), version: 1, entriesVersion: 1, entries: [mark] };
    world.ledgers.set(records.ordersAdmin, stored);
    await sweepLedgers(world.ports);
    await sweepLedgers(world.ports);
    const told = world.published.filter(({ name }) => name === 'grant.interrupted');
    expect(told.map(({ detail }) => (detail as { requestId: string }).requestId).sort()).toEqual([
      active.id,
      theirs.id,
      onward.id,
    ]);
    expect(world.requests.get(theirs.id)).toMatchObject({
      status: 'active',
      interrupted: { issuedBefore: '2026-11-22T10:05:30.000Z', onlyTheirs: true },
    });
    expect(JSON.parse(world.denyOf()).Statement).toEqual([
      {
        Sid: 'DaypassPeople1',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:SourceIdentity': 'alice' },
          DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:05:30.000Z' },
        },
      },
    ]);
  });
});

describe('grants that live and are denied already', () => {
  const ids = ['01KB0000000000000000000001', '01KB0000000000000000000011', '01KB0000000000000000000012'];

  it('are ended each by itself: one that cannot be ended keeps no other waiting', async () => {
    const world = revocationWorld();
    const grant = { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T12:00:00.000Z' };
    const live = ids.map((id) => ({ ...active, id, grant }) as AccessRequest);
    for (const request of live) world.requests.set(request.id, request);
    const states = () => ids.map((id) => world.requests.get(id)?.status);
    const revokedAt = '2026-11-22T10:05:00.000Z';
    const entries = ids.slice(0, 2).map((grantId) => ({ grantId, revokedAt, coversUntil: '2026-11-22T11:00:00.000Z' }));
    const ledger = { ...emptyLedger(records.ordersAdmin), version: 1, entriesVersion: 1, entries };
    world.ledgers.set(records.ordersAdmin, ledger);
    const { save } = world.ports.requests;
    const failing = async (change: RequestChange): Promise<void> => {
      if (change.request.id === ids[0]) throw new DaypassError('StoreUnavailable', 'Not now.');
      return save(change);
    };
    const ports = { ...world.ports, requests: { ...world.ports.requests, save: failing } };
    expect(await endDeniedGrants({ ledgers: [ledger], requests: live }, ports)).toEqual([ids[1]]);
    expect(states()).toEqual(['active', 'ended', 'active']);
    expect(await endDeniedGrants({ ledgers: [ledger], requests: live }, world.ports)).toEqual([ids[0]]);
    expect(states()).toEqual(['ended', 'ended', 'active']);
  });
});
