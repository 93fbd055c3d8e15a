import { beforeEach, describe, expect, it } from 'vitest';
import { toIso } from '#core/instant.ts';
import { withEntries, withWatermark } from '#core/ledger/ledger.ts';
import { firstBreak } from '#core/request/audit-chain.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';
import { holdGate } from '#usecases/workflow/hold-gate.ts';
import { openGate } from '#usecases/workflow/open-gate.ts';
import { grantWorld } from './grant-world.ts';

const { clock, now, ports, asked, approved, live } = grantWorld();

describe('a mint', () => {
  it('hands out nothing when the grant was ended while STS was answering, and has the session on record', async () => {
    const requestId = await live();
    now.duringSts = () => endGrant({ requestId, personId: 'bob', reason: 'revoked' }, ports());
    const outcome = await mintCredentials({ requestId, personId: 'alice' }, ports());
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { code: 'not-live', next: { do: 'ask', entitlementId: 'orders-admin' } },
    });
    const request = await ports().requests.get(requestId);
    expect(request).toMatchObject({ status: 'ending', minted: { count: 1, open: [] } });
    expect(await ports().sessions.byAccessKeyId('ASIAEXAMPLE')).toMatchObject({ requestId });
  });

  it('is one of sixty in a minute, however many there were before, and is told when there are more', async () => {
    const requestId = await live();
    const mint = () => mintCredentials({ requestId, personId: 'alice' }, ports());
    for (let index = 0; index < 60; index++) expect((await mint()).ok).toBe(true);
    await clock.turn(20_000);
    const refused = await mint();
    expect(refused).toMatchObject({ refusal: { code: 'too-many', next: { do: 'reuse-credentials' } } });
    expect(!refused.ok && refused.refusal.message).toContain('in 40 s');
    expect(now.world.orders).toHaveLength(60);
    await clock.turn(40_000);
    for (let index = 0; index < 50; index++) expect((await mint()).ok).toBe(true);
    const request = await ports().requests.get(requestId);
    expect(request).toMatchObject({ minted: { count: 110, open: [] } });
    expect(JSON.stringify(request?.minted).length).toBeLessThan(500);
  });

  it('of a request that waits is refused, and told to wait for an approver', async () => {
    const requestId = await asked();
    expect(await mintCredentials({ requestId, personId: 'alice' }, ports())).toMatchObject({
      ok: false,
      refusal: { code: 'not-live', next: { do: 'await-approval', requestId } },
    });
  });

  it('hands out nothing when the grant’s end passed while STS was answering', async () => {
    const requestId = await live(60);
    now.duringSts = () => clock.turn(60_000);
    expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(false);
  });

  it('gives STS the person, the grant and its own end, and a duration that STS takes', async () => {
    const requestId = await live(60);
    const outcome = await mintCredentials({ requestId, personId: 'alice' }, ports());
    const endsAt = new Date(clock.nowMs() + 60_000).toISOString();
    expect(outcome).toMatchObject({ ok: true, value: { credentials: { expiresAt: endsAt } } });
    expect(now.world.orders[0]).toMatchObject({
      roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
      externalId: 'dp-production-7f3a91c2',
      durationSec: 900,
      sourceIdentity: 'alice',
      tags: { 'daypass:grant': requestId, 'daypass:entitlement': 'orders-admin' },
    });
    expect(JSON.parse(now.world.orders[0]?.sessionPolicy ?? '')).toMatchObject({
      Statement: [
        { Effect: 'Allow' },
        { Effect: 'Deny', Action: '*', Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': endsAt } } },
        { Effect: 'Deny', Action: 'sts:AssumeRole' },
      ],
    });
  });

  it('asks for an hour at most, because a Lambda’s AssumeRole is role chaining', async () => {
    const requestId = await live(4 * 3600);
    await mintCredentials({ requestId, personId: 'alice' }, ports());
    expect(now.world.orders[0]?.durationSec).toBe(3600);
  });
});

describe('a mint on a role that was revoked as a whole', () => {
  const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
  const revokeTheRole = async (): Promise<void> => {
    const { ledgers } = ports();
    const ledger = await ledgers.get(roleArn);
    const watermark = { revokedAt: toIso(clock.nowMs()), coversUntil: toIso(clock.nowMs() + 3_600_000) };
    const cause = { kind: 'panic', by: 'bob' } as const;
    const next = withWatermark(ledger, { ...watermark, cause }, clock.nowMs());
    await ledgers.save({ ...next, version: ledger.version + 1 });
  };
  beforeEach(async () => {
    // What earlier tests revoked is out of the way.
    await clock.turn(24 * 3_600_000);
  });

  it('case 53: hands out nothing that the watermark denies already, intends no session for it, and says when to come back', async () => {
    const requestId = await live();
    await revokeTheRole();
    const refused = await mintCredentials({ requestId, personId: 'alice' }, ports());
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'role-revoked', next: expect.stringContaining('31 s') },
    });
    expect(now.world.orders).toEqual([]);
    expect(await ports().requests.get(requestId)).not.toHaveProperty('minted');
  });

  it('works from the second on that the watermark leaves out', async () => {
    const requestId = await live();
    await revokeTheRole();
    await clock.turn(29_000);
    expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(false);
    await clock.turn(2_000);
    expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(true);
  });

  it('case 53: hands out nothing where the role was revoked while STS was answering; by STS’s clock', async () => {
    const requestId = await live();
    now.duringSts = revokeTheRole;
    const outcome = await mintCredentials({ requestId, personId: 'alice' }, ports());
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'role-revoked' } });
  });

  it.each([
    ['theirs', 'alice', false],
    ['somebody else’s', 'mallory', true],
  ])(
    'where every session of one person was revoked, %s: hands out nothing that is denied already',
    async (_, everyOf, ok) => {
      const requestId = await live();
      const { ledgers } = ports();
      const ledger = await ledgers.get(roleArn);
      const revoked = { revokedAt: toIso(clock.nowMs()), coversUntil: toIso(clock.nowMs() + 3_600_000) };
      const next = withEntries(ledger, [{ everyOf, ...revoked }], clock.nowMs());
      await ledgers.save({ ...next, version: ledger.version + 1 });
      expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(ok);
      await clock.turn(31_000);
      expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(true);
    },
  );

  it('is said to the grant’s own holder alone', async () => {
    const requestId = await live();
    await revokeTheRole();
    expect(await mintCredentials({ requestId, personId: 'carol' }, ports())).toMatchObject({
      ok: false,
      refusal: { code: 'not-found' },
    });
  });
});

it.each([-1, 0, 1])(
  'case 66: a mint %i ms from the end of its grant works before it and not from it on',
  async (ms) => {
    await clock.turn(24 * 3_600_000);
    const requestId = await live(60);
    await clock.turn(60_000 + ms);
    expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(ms < 0);
  },
);

describe('an activation', () => {
  it('asks the policy once more: what is not allowed any more is refused, not granted', async () => {
    const requestId = await approved();
    now.world.govern(samplePolicy(['developers: [alice, bob, carol]', 'developers: [bob, carol]']));
    expect((await activateGrant({ requestId }, ports())).status).toBe('refused');
  });

  it('twice is one window', async () => {
    const requestId = await approved();
    const first = await activateGrant({ requestId }, ports());
    await clock.turn(5_000);
    expect(await activateGrant({ requestId }, ports())).toEqual(first);
  });
});

describe('a gate', () => {
  it('opens at once when the vote was there before its token', async () => {
    const requestId = await approved();
    await openGate({ name: requestId, gate: 'AwaitApproval' }, ports());
    expect(now.world.workflow).toEqual([]);
    await holdGate({ name: requestId, gate: 'AwaitApproval', taskToken: 'token-1' }, ports());
    expect(now.world.workflow).toEqual(['succeed token-1']);
  });

  it('stays shut while nobody has answered', async () => {
    const requestId = await asked();
    await holdGate({ name: requestId, gate: 'AwaitApproval', taskToken: 'token-2' }, ports());
    expect(now.world.workflow).toEqual([]);
  });
});

it('every change is one audit entry, and the chain is whole', async () => {
  const requestId = await live();
  await mintCredentials({ requestId, personId: 'alice' }, ports());
  await endGrant({ requestId, personId: 'alice', reason: 'done' }, ports());
  const entries = await ports().requests.audit(requestId);
  expect(entries.map(({ actor, fact }) => `${actor}: ${fact}`)).toEqual([
    'alice: request.submitted',
    'bob: request.approved',
    'daypass: grant.activated',
    'alice: session.intended',
    'alice: session.minted',
    'alice: grant.ending',
  ]);
  const request = await ports().requests.get(requestId);
  expect(firstBreak(entries, request?.auditHead ?? '')).toBeUndefined();
});
