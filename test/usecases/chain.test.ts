import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDaypassError } from '#core/errors.ts';
import { beginEnd } from '#core/grant/grant.ts';
import { lastExpiry } from '#core/grant/minted.ts';
import type { LockdownScope } from '#core/lockdown/lockdown.ts';
import { fromPayments, payments, reports, step } from '#test/fixtures/cloudtrail/chain.ts';
import { withPorts } from '#test/kit/world.ts';
import { detect } from '#usecases/alert/detect.ts';
import { followChain } from '#usecases/chain/follow-chain.ts';
import { settleChains } from '#usecases/chain/settle-chains.ts';
import { endDenied } from '#usecases/revoke/end-denied.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { chainWorld, orders, outside } from './chain-world.ts';

type World = ReturnType<typeof chainWorld>;

const revoke = (world: World) => revokeSessions({ requestId: world.grant().id }, world.ports);
const intoReports = { from: fromPayments, into: reports };

/** The grant was revoked a moment ago, and its workflow has not come to it yet. */
const revoked = (world: World): void => {
  const request = world.grant();
  if (request.status !== 'active') throw new Error('The grant is not live.');
  const at = new Date(world.clock.nowMs()).toISOString();
  world.requests.set(request.id, beginEnd(request, { reason: 'revoked', at, by: 'bob' }).request);
};

/** The grant whose own role denies it already, as the slice of a lockdown ends it. */
const lockedDown = (world: World): Parameters<typeof endDenied>[0] => {
  const request = world.grant();
  if (request.status !== 'active') throw new Error('The grant is not live.');
  const end = { reason: 'lockdown', at: new Date(world.clock.nowMs()).toISOString(), by: 'bob' } as const;
  return { requestId: request.id, how: 'denied', coversUntil: lastExpiry(request.minted) ?? '', end };
};

describe('case 60: what a grant’s sessions went on to', () => {
  it('is recorded once under the grant, whatever copies come, in whatever order and however often', async () => {
    const copies = [
      step(),
      step(intoReports),
      step({ ...intoReports, copyOfTarget: true }),
      step({ name: 'again', at: '2026-11-22T10:02:00Z' }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...copies, ...copies], { minLength: 8 }), async (deliveries) => {
        const world = chainWorld();
        for (const event of deliveries) await detect(event, world.ports);
        const roles = [...world.chains.values()].sort((a, b) => (a.roleArn < b.roleArn ? -1 : 1));
        expect(roles).toMatchObject([
          {
            grantId: world.grant().id,
            roleArn: payments,
            count: 2,
            firstAt: '2026-11-22T10:01:00.000Z',
            expiresBy: '2026-11-22T11:01:00.000Z',
          },
          {
            roleArn: reports,
            count: 1,
            sessions: [
              {
                userId: 'AROADAYPASS-JIT-REPORTS:onward',
                accessKeyId: 'ASIAONWARD',
                issuedAt: '2026-11-22T10:01:00.000Z',
                expiresBy: '2026-11-22T11:01:00.000Z',
              },
            ],
          },
        ]);
        expect(world.names().filter((name) => name === 'session.chained')).toHaveLength(3);
        expect(world.alerts.size).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('lives an hour at most, whatever an event does not say', async () => {
    const world = chainWorld();
    const bare = step();
    await detect({ ...bare, detail: { ...(bare.detail as object), responseElements: null } }, world.ports);
    expect([...world.chains.values()]).toMatchObject([{ expiresBy: '2026-11-22T11:01:00.000Z' }]);
  });

  it('stays small: twenty sessions are listed of a thousand, and strange roles are not recorded without end', async () => {
    const world = chainWorld();
    for (let index = 0; index < 200; index++) {
      await detect(step({ name: `s${index}` }), world.ports);
    }
    expect(world.chains.get(`${world.grant().id} ${payments}`)).toMatchObject({ count: 200 });
    expect(world.chains.get(`${world.grant().id} ${payments}`)?.sessions).toHaveLength(20);
    for (let index = 0; index < 60; index++) {
      await detect(step({ into: `arn:aws:iam::333333333333:role/strange-${index}` }), world.ports);
    }
    expect(world.chains.size).toBe(50);
    // One is of payments; the 50th strange one and those after it are logged, each by its name.
    const told = [...world.logged().matchAll(/went on to more roles[^}]*strange-(\d+)","recorded":50/g)].map(
      ([, n]) => n,
    );
    expect(told).toEqual(['49', '50', '51', '52', '53', '54', '55', '56', '57', '58', '59']);
    // And people are: each of them is an alert.
    expect([...world.alerts.values()].filter(({ first }) => first.roleArn.endsWith('strange-59'))).toHaveLength(1);
    await detect(step(intoReports), world.ports);
    expect(world.chains.size).toBe(51);
  });

  it('is not recorded for a tag alone, which anybody who makes roles can write', async () => {
    const world = chainWorld();
    const from = { accountId: '333333333333', roleName: 'daypass-jit-x', name: 'me' };
    await detect(step({ from, into: 'arn:aws:iam::333333333333:role/mine' }), world.ports);
    expect(world.chains.size).toBe(0);
    expect(world.theAlert().detection).toBe('chain-out-of-reach');
  });

  it('is denied on every role at the end of the grant, each written and read back, and said in the end', async () => {
    const world = chainWorld();
    for (const event of [step(), step(intoReports)]) await detect(event, world.ports);
    await world.deliver();
    expect(world.writes).toEqual([]);
    revoked(world);
    expect(await revoke(world)).toMatchObject({
      status: 'ended',
      how: 'denied',
      chained: [
        { roleArn: payments, how: 'denied' },
        { roleArn: reports, how: 'denied' },
      ],
    });
    expect([orders, payments, reports].map(world.denied)).toEqual([true, true, true]);
  });

  it('is denied until the last of its sessions must be dead, also one that CloudTrail never told of', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    revoked(world);
    await revoke(world);
    const nowMs = world.clock.nowMs();
    const [entry] = (await world.ports.ledgers.get(payments)).entries;
    expect(Date.parse(entry?.coversUntil ?? '')).toBeGreaterThanOrEqual(nowMs + 3_600_000);
    expect(entry?.revokedAt).toBe(new Date(nowMs).toISOString());
  });

  it('needs no deny where its sessions have expired, and that is said', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    revoked(world);
    await world.clock.turn(65 * 60_000);
    expect(await revoke(world)).toMatchObject({ status: 'ended', chained: [{ roleArn: payments, how: 'expired' }] });
    expect(world.denies.has(payments)).toBe(false);
    expect(await world.ports.chains.open()).toEqual([]);
  });
});

describe('case 60: a session of which CloudTrail never tells', () => {
  /** As the mint has it: whichever roles the policy lets a session go on to. */
  const mintedInto = (world: World, into: readonly string[]): void => {
    const request = world.grant();
    if (!request.minted) throw new Error('The grant has no session.');
    world.requests.set(request.id, { ...request, minted: { ...request.minted, reach: { into, leavesForMs: 0 } } });
  };

  it('is denied at the end on every role into which it may have gone on, and that is read back and said', async () => {
    const world = chainWorld();
    mintedInto(world, [payments, reports]);
    await detect(step(), world.ports);
    revoked(world);
    expect(await revoke(world)).toMatchObject({
      status: 'ended',
      chained: [
        { roleArn: payments, how: 'denied' },
        { roleArn: reports, how: 'denied', unseen: true },
      ],
    });
    expect([orders, payments, reports].map(world.denied)).toEqual([true, true, true]);
    // One write on each role, whatever was seen.
    expect([...world.writes].sort()).toEqual([orders, payments, reports].sort());
    const [entry] = (await world.ports.ledgers.get(reports)).entries;
    // It may have been issued a moment ago, and by a clock that is ahead of ours.
    expect(Date.parse(entry?.coversUntil ?? '')).toBeGreaterThanOrEqual(world.clock.nowMs() + 3_600_000);
    expect(entry?.lastIssuedAt).toBe(new Date(world.clock.nowMs() + 300_000).toISOString());
  });

  it('is denied on the slice of a lockdown too', async () => {
    const world = chainWorld();
    mintedInto(world, [payments, reports]);
    await endDenied(lockedDown(world), world.ports);
    expect([payments, reports].map(world.denied)).toEqual([true, true]);
  });

  it('is denied where everything that was seen has expired: each step onward has an hour of its own', async () => {
    const world = chainWorld();
    mintedInto(world, [payments]);
    await detect(step(), world.ports);
    revoked(world);
    await world.clock.turn(3 * 60 * 60_000);
    expect(await revoke(world)).toMatchObject({
      status: 'ended',
      how: 'sessions-expired',
      chained: [{ roleArn: payments, how: 'denied', unseen: true }],
    });
    expect(world.denied(payments)).toBe(true);
  });

  it('keeps its grant from being verified while one of the roles cannot be reached; the others are denied', async () => {
    const world = chainWorld();
    mintedInto(world, [payments, reports]);
    world.unreachable.add(payments);
    revoked(world);
    await expect(revoke(world)).rejects.toMatchObject({ name: 'RoleUnavailable' });
    expect(world.grant().status).toBe('ending');
    expect([orders, reports].map(world.denied)).toEqual([true, true]);
    world.unreachable.clear();
    expect(await revoke(world)).toMatchObject({ status: 'ended' });
    expect(world.denied(payments)).toBe(true);
  });

  it('is said of a role that is not there: nothing of it lives', async () => {
    const world = chainWorld();
    mintedInto(world, [reports]);
    revoked(world);
    const { writeDeny } = world.ports.targetRoles;
    const gone: typeof writeDeny = async (roleArn, document) =>
      roleArn === reports ? 'role-gone' : writeDeny(roleArn, document);
    const ports = withPorts(world.ports, { targetRoles: { writeDeny: gone } });
    expect(await revokeSessions({ requestId: world.grant().id }, ports)).toMatchObject({
      chained: [{ roleArn: reports, how: 'role-gone', unseen: true }],
    });
  });

  it('costs nothing where no session was minted, or where sessions may go on to nothing', async () => {
    const world = chainWorld();
    mintedInto(world, []);
    revoked(world);
    const ended = await revoke(world);
    expect(ended).not.toHaveProperty('chained');
    expect(world.writes).toEqual([orders]);
  });
});

describe('case 60: a role that is locked down, to which a session goes on from one that is not', () => {
  const lockedBy = (world: World, scope: LockdownScope): World['ports'] => {
    const inForce = [{ id: 'LOCK', scope, reason: 'odd calls', begunAt: '2026-11-22T09:55:00.000Z', begunBy: 'bob' }];
    return {
      ...world.ports,
      lockdowns: { ...world.ports.lockdowns, register: async () => ({ version: 1, lockdowns: inForce }) },
    };
  };
  const follow = (world: World, ports: World['ports']) => followChain({ requestId: world.grant().id }, ports);
  const paymentsAdmin = { kind: 'role', accountId: '222222222222', roleName: 'daypass-jit-payments-admin' } as const;

  it.each<[string, LockdownScope]>([
    ['the role', paymentsAdmin],
    ['its account', { kind: 'account', accountId: '222222222222' }],
  ])('is denied there to everybody by a lockdown of %s, and the grant goes on', async (_, scope) => {
    const world = chainWorld();
    await detect(step(), world.ports);
    await follow(world, lockedBy(world, scope));
    // By AWS's clock the session was issued at 10:01:00, and AWS knows it to the second.
    const document = JSON.parse(world.denies.get(payments) ?? '{}') as { Statement: object[] };
    expect(document.Statement).toEqual([
      expect.objectContaining({
        Sid: 'DaypassEverySession',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:01:01.000Z' } },
      }),
    ]);
    expect(world.grant().status).toBe('active');
  });

  it('is denied by the sweeper where the event was lost, once, and again for the next one', async () => {
    const world = chainWorld();
    const ports = lockedBy(world, paymentsAdmin);
    await detect(step(), world.ports);
    await settleChains(ports);
    const first = world.denies.get(payments);
    await settleChains(ports);
    expect(world.denies.get(payments)).toBe(first);
    await detect(step({ name: 'again', at: '2026-11-22T10:02:00Z' }), world.ports);
    await settleChains(ports);
    expect(world.denies.get(payments)).toContain('2026-11-22T10:02:01.000Z');
  });

  it('is left alone by the lockdown of another role', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    await follow(world, lockedBy(world, { ...paymentsAdmin, roleName: 'daypass-jit-orders-read' }));
    expect(world.writes).toEqual([]);
  });
});

describe('case 60: a session that is told late', () => {
  it('is denied when its event comes, although the grant has ended and that was verified', async () => {
    const world = chainWorld();
    revoked(world);
    await revoke(world);
    expect(world.grant().status).toBe('ended');
    await detect(step({ at: '2026-11-22T10:05:01Z' }), world.ports);
    expect(world.denied(payments)).toBe(false);
    await world.deliver();
    expect(world.denied(payments)).toBe(true);
    const count = world.writes.length;
    await world.deliver();
    await followChain({ requestId: world.grant().id }, world.ports);
    expect(world.writes).toHaveLength(count);
  });

  it('is denied anew when it was issued after the role had been denied', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    revoked(world);
    await revoke(world);
    const before = world.denies.get(payments);
    await world.clock.turn(40_000);
    await detect(step({ name: 'slipped', at: '2026-11-22T10:05:35Z' }), world.ports);
    await world.deliver();
    expect(world.denies.get(payments)).not.toBe(before);
    expect(world.denies.get(payments)).toContain('2026-11-22T11:06:41.000Z');
  });

  it('is not taken as denied when it is told while its role is being denied for what came before', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    revoked(world);
    const { targetRoles } = world.ports;
    const writeDeny: typeof targetRoles.writeDeny = async (roleArn, document) => {
      if (roleArn === payments) await detect(step({ name: 'slipped', at: '2026-11-22T10:05:40Z' }), world.ports);
      return targetRoles.writeDeny(roleArn, document);
    };
    const ports = { ...world.ports, targetRoles: { ...targetRoles, writeDeny } };
    await revokeSessions({ requestId: world.grant().id }, ports);
    expect(await world.ports.chains.open()).toMatchObject([{ roleArn: payments, count: 2 }]);
    await world.clock.turn(60_000);
    await world.deliver();
    expect(await world.ports.chains.open()).toEqual([]);
    expect(world.denies.get(payments)).toContain('2026-11-22T11:07:01.000Z');
  });

  it('is denied with a grant that a lockdown ends, also when it is told after its roles were read', async () => {
    const world = chainWorld();
    const { chains } = world.ports;
    let told = false;
    const ofGrant: typeof chains.ofGrant = async (grantId) => {
      const roles = await chains.ofGrant(grantId);
      if (told) return roles;
      told = true;
      await detect(step(), world.ports);
      await world.deliver();
      return roles;
    };
    await endDenied(lockedDown(world), { ...world.ports, chains: { ...chains, ofGrant } });
    expect(world.grant()).toMatchObject({ status: 'ended', end: { reason: 'lockdown' } });
    expect(world.denied(payments)).toBe(true);
  });

  it('does not keep a grant live that a lockdown ends, where its role cannot be reached', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    world.unreachable.add(payments);
    await expect(endDenied(lockedDown(world), world.ports)).rejects.toMatchObject({ name: 'RoleUnavailable' });
    expect(world.grant().status).toBe('ending');
    expect(world.names()).toContain('grant.ending');
  });

  it('is denied by the sweeper where the event that says so was lost', async () => {
    const world = chainWorld();
    revoked(world);
    await revoke(world);
    await detect(step(), world.ports);
    expect(await settleChains(world.ports)).toEqual([world.grant().id]);
    expect(world.denied(payments)).toBe(true);
    expect(await settleChains(world.ports)).toEqual([]);
  });

  it('is denied in every order in which its event and the revocation can meet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = chainWorld();
        const late = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => scheduler.scheduleFunction(work);
        const { requests, chains, ledgers, outbox, targetRoles } = world.ports;
        const ports = {
          ...world.ports,
          pause: late(world.ports.pause),
          requests: { ...requests, get: late(requests.get), save: late(requests.save) },
          chains: { ...chains, ofGrant: late(chains.ofGrant), save: late(chains.save) },
          ledgers: { ...ledgers, get: late(ledgers.get), save: late(ledgers.save) },
          outbox: { ...outbox, publish: late(outbox.publish) },
          targetRoles: { ...targetRoles, readDeny: late(targetRoles.readDeny), writeDeny: late(targetRoles.writeDeny) },
        };
        revoked(world);
        const { id } = world.grant();
        /** As the machine and EventBridge do: what finds the role busy comes again. */
        const again = async (work: () => Promise<unknown>): Promise<unknown> =>
          work().catch((error: unknown) => {
            if (isDaypassError(error, 'RoleBusy')) return again(work);
            throw error;
          });
        const told = async (event: unknown): Promise<void> => {
          await detect(event, ports);
          await again(() => followChain({ requestId: id }, ports));
        };
        const end = again(() => revokeSessions({ requestId: id }, ports));
        const all = Promise.all([end, told(step()), told(step(intoReports))]);
        await scheduler.waitFor(all);
        expect(world.grant().status).toBe('ended');
        expect([orders, payments, reports].map(world.denied)).toEqual([true, true, true]);
        expect(await world.ports.chains.open()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('case 60: a role that cannot be reached', () => {
  it('is told while the grant is still live, once, with role, account and what to do', async () => {
    const world = chainWorld();
    world.unreachable.add(reports);
    await detect(step(intoReports), world.ports);
    await world.deliver();
    await followChain({ requestId: world.grant().id }, world.ports);
    expect(world.theAlert()).toMatchObject({ detection: 'chain-out-of-reach', severity: 'high', count: 1 });
    expect(world.theAlert().first.summary).toContain('daypass-jit-reports (333333333333)');
    expect(world.theAlert().first.summary).toContain('Onboard account 333333333333');
  });

  it('does not keep the other roles from being denied, nor the grant from being shown as not ended', async () => {
    const world = chainWorld();
    for (const event of [step(), step(intoReports)]) await detect(event, world.ports);
    world.unreachable.add(reports);
    revoked(world);
    await expect(revoke(world)).rejects.toMatchObject({ name: 'RoleUnavailable' });
    expect(world.grant().status).toBe('ending');
    expect([orders, payments, reports].map(world.denied)).toEqual([true, true, false]);
    world.unreachable.clear();
    expect(await revoke(world)).toMatchObject({ status: 'ended' });
    expect(world.denied(reports)).toBe(true);
  });

  it('keeps its sessions on record where the grant’s own role cannot be reached: they are denied all the same', async () => {
    const world = chainWorld();
    await detect(step(), world.ports);
    world.unreachable.add(orders);
    revoked(world);
    await expect(revoke(world)).rejects.toMatchObject({ name: 'RoleUnavailable' });
    expect(world.denied(payments)).toBe(true);
  });

  it('is tried again by the sweeper after the grant has ended, and is still one alert', async () => {
    const world = chainWorld();
    revoked(world);
    await revoke(world);
    world.unreachable.add(payments);
    await detect(step(), world.ports);
    await expect(world.deliver()).rejects.toMatchObject({ name: 'RoleUnavailable' });
    await settleChains(world.ports);
    expect(world.theAlert().count).toBe(1);
    world.unreachable.clear();
    await settleChains(world.ports);
    expect(world.denied(payments)).toBe(true);
  });

  it('is not even tried where it is none of Daypass’s, and the end says which, until when and in which account', async () => {
    const world = chainWorld();
    await detect(step({ into: outside }), world.ports);
    await world.deliver();
    expect(world.theAlert().detection).toBe('chain-out-of-reach');
    revoked(world);
    await expect(revoke(world)).rejects.toMatchObject({
      name: 'RoleUnavailable',
      message: expect.stringMatching(/arn:aws:iam::333333333333:role\/reports-of-old.*2026-11-22T11:01:00/),
    });
    expect(world.ledgers.has(outside)).toBe(false);
    await world.clock.turn(65 * 60_000);
    expect(await revoke(world)).toMatchObject({ status: 'ended', chained: [{ roleArn: outside, how: 'expired' }] });
    expect(world.theAlert().count).toBe(1);
  });
});
