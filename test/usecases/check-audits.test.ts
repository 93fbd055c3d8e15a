import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '#core/request/audit.ts';
import { breakOf } from '#core/request/audit-chain.ts';
import type { Ports } from '#ports/ports.ts';
import { withPorts } from '#test/kit/world.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { checkAudits } from '#usecases/sweep/check-audits.ts';
import { grantWorld } from './grant-world.ts';

const { clock, now, ports, live } = grantWorld();
const fiveMinutes = 300_000;
/** Alice, Bob, Carol and Dave have a turn each, of today and then of another day. */
const aRound = 8;

type Tamper = (entries: readonly AuditEntry[]) => readonly AuditEntry[];
let tamper: Tamper;
const tampered = (): Ports => {
  const { requests } = ports();
  return withPorts(ports(), { requests: { audit: async (id) => [...tamper(await requests.audit(id))] } });
};
/** What is told once everybody has had a turn. */
const told = async (rounds = 1, with_ = tampered()): Promise<string[]> => {
  for (let turn = 0; turn < aRound * rounds; turn++) {
    await checkAudits(with_);
    await clock.turn(fiveMinutes);
  }
  const alerts = await Promise.all([...now.world.memory.alerts.keys()].map((id) => ports().alerts.get(id)));
  return alerts.flatMap((alert) => (alert?.detection === 'audit-broken' ? [alert.first.summary] : []));
};

beforeEach(() => {
  tamper = (entries) => entries;
});

describe('the sweeper, of what is on record of a request,', () => {
  it('says nothing where it is as it was written', async () => {
    await live();
    expect(await told(2)).toEqual([]);
  });

  it.each<[string, Tamper, string]>([
    [
      'was changed',
      (entries) => entries.map((entry) => (entry.seq === 2 ? { ...entry, actor: 'carol' } : entry)),
      'entry 2 was changed: it now says request.approved by carol at ',
    ],
    [
      'was taken out',
      (entries) => entries.filter(({ seq }) => seq !== 2),
      'entry 2 is not there any more; the next is grant.activated by daypass at ',
    ],
    [
      'was taken off the end',
      (entries) => entries.slice(0, -1),
      'it does not end where it was written last: after 2 entries some were taken or added',
    ],
  ])('tells which entry %s, once', async (_, how, words) => {
    await live();
    tamper = how;
    const first = await told();
    expect(first).toEqual([
      expect.stringContaining(`alice’s request for orders-admin is not what was written: ${words}`),
    ]);
    expect(await told(10)).toEqual(first);
  });

  it('comes to every request of the last ninety days, and reads no more than one person’s day in a run', async () => {
    const requestId = await live();
    await clock.turn(80 * 86_400_000);
    const read: string[] = [];
    const { requests } = ports();
    const watched = withPorts(ports(), {
      requests: {
        audit: (id) => {
          read.push(id);
          return requests.audit(id);
        },
      },
    });
    await told(90, watched);
    expect(new Set(read)).toEqual(new Set([requestId]));
    expect(read.length).toBeLessThan(4);
  });

  it('does not take a change that comes between its reads for one', async () => {
    const requestId = await live();
    const { requests } = ports();
    const whole = await requests.audit(requestId);
    const old = { ...(await requests.get(requestId)), version: 2, auditHead: whole[1]?.hash };
    let reads = 0;
    const racing = withPorts(ports(), {
      requests: {
        get: async (id) => (reads++ === 0 ? (old as Awaited<ReturnType<typeof requests.get>>) : requests.get(id)),
      },
    });
    expect(await told(1, racing)).toEqual([]);
    expect(reads).toBeGreaterThan(2);
  });

  it('lets nobody wait for what cannot be read', async () => {
    const failing = withPorts(ports(), {
      requests: {
        askedBetween: async () => {
          throw new Error('The table cannot be reached.');
        },
      },
    });
    expect(await told(1, failing)).toEqual([]);
    expect(now.world.logged()).toContain('it is tried again');
  });
});

it('tells that an entry of a lockdown in force was changed', async () => {
  const scope = { kind: 'person', personId: 'alice' } as const;
  await beginLockdown({ lockdownId: 'l1', scope, reason: 'laptop stolen', personId: 'bob' }, ports());
  const { lockdowns } = ports();
  const changed = withPorts(ports(), {
    lockdowns: { audit: async (id) => (await lockdowns.audit(id)).map((entry) => ({ ...entry, actor: 'carol' })) },
  });
  expect(await told(1, changed)).toEqual([
    expect.stringContaining(
      'a lockdown is not what was written: entry 1 was changed: it now says lockdown.begun by carol',
    ),
  ]);
});

it('an entry that was replaced whole shows at the one after it', async () => {
  const entries = await ports().requests.audit(await live());
  const others = await ports().requests.audit(await live());
  const mixed = entries.map((entry, index) => (index === 1 ? (others[1] ?? entry) : entry));
  expect(breakOf(mixed, entries.at(-1)?.hash ?? '')?.said).toMatch(/^entry 2 does not follow the one before it/);
});
