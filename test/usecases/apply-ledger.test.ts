import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { turnableClock } from '#local/clock.ts';
import type { TargetRoles } from '#ports/target-role.ts';
import { startTable } from '#test/kit/table.ts';
import { applyLedger } from '#usecases/revoke/apply-ledger.ts';

const roleOf = (name: string): string => `arn:aws:iam::222222222222:role/daypass-jit-${name}`;

/**
 * 10,240 characters for all inline policies of a role:
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const quota = 10_240;

/** A role as IAM keeps it: one deny policy beside `others` characters of other inline policies. */
const roleWith = (others: number) => {
  let deny: string | undefined;
  let writes = 0;
  const roles: TargetRoles = {
    readDeny: async () => deny,
    writeDeny: async (_, document) => {
      if (document.length + others > quota) return 'no-room';
      writes += 1;
      deny = document;
      return 'written';
    },
    look: async () => 'absent',
    otherPolicies: async () => others,
  };
  return { roles, deny: () => deny ?? '', writes: () => writes };
};

const clock = turnableClock();
const grantId = (index: number): string => `01JD8Q${String(index).padStart(20, '0')}`;
const entryOf = (index: number) => ({
  grantId: grantId(index),
  revokedAt: new Date(clock.nowMs() + index).toISOString(),
  coversUntil: new Date(clock.nowMs() + 3_600_000).toISOString(),
});

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const portsFor = (roles: TargetRoles) => ({
  clock,
  pause: () => new Promise<void>((later) => setImmediate(later)),
  ledgers: createLedgerStore(table.table, clock),
  targetRoles: roles,
  log: { info: () => {}, warn: () => {}, error: () => {} },
});

describe('the deny on a role', () => {
  it.each([145, 5_000])(
    'fits beside %i characters of other policies however many grants are revoked',
    async (others) => {
      const role = roleWith(others);
      const ports = portsFor(role.roles);
      const roleArn = roleOf(`fits-${others}`);
      const fits = Math.floor((quota - others - 200) / 29) - 10;
      const entries = Array.from({ length: fits }, (_, index) => entryOf(index));
      await ports.ledgers.save({ ...emptyLedger(roleArn), version: 1, entriesVersion: fits, entries });
      for (let index = fits; index < fits + 20; index += 1) {
        await applyLedger({ roleArn, entry: entryOf(index) }, ports);
        expect(role.deny().length).toBeLessThanOrEqual(quota - others);
      }
      expect(role.deny()).toContain(grantId(fits + 19));
      expect(role.deny()).toContain('DaypassEverySession');
    },
  );

  it('says in plain words when the other policies leave it no room', async () => {
    const role = roleWith(10_200);
    await expect(applyLedger({ roleArn: roleOf('full'), entry: entryOf(1) }, portsFor(role.roles))).rejects.toThrow(
      /no room for the deny policy|no room for its deny policy/,
    );
  });

  it('is written a few times for many revocations at once, and each of them is in force when it returns', async () => {
    const role = roleWith(145);
    const ports = portsFor(role.roles);
    await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        await applyLedger({ roleArn: roleOf('busy'), entry: entryOf(index) }, ports);
        expect(role.deny()).toContain(grantId(index));
      }),
    );
    expect(role.writes()).toBeLessThanOrEqual(12);
  });

  it('is not taken as in force when the role does not show it', async () => {
    const { roles } = roleWith(145);
    const lost: TargetRoles = { ...roles, writeDeny: async () => 'written' };
    await expect(applyLedger({ roleArn: roleOf('lost'), entry: entryOf(1) }, portsFor(lost))).rejects.toMatchObject({
      name: 'DenyNotInForce',
    });
  });

  it('holds every revocation although one writer hung past its lease and then wrote its older document', async () => {
    const role = roleWith(145);
    const quick = portsFor(role.roles);
    const roleArn = roleOf('hung');
    let hangs = true;
    const hanging: TargetRoles = {
      ...role.roles,
      writeDeny: async (arn, document) => {
        if (hangs) {
          hangs = false;
          await clock.turn(31_000);
          await applyLedger({ roleArn, entry: entryOf(2) }, quick);
        }
        return role.roles.writeDeny(arn, document);
      },
    };
    await applyLedger({ roleArn, entry: entryOf(1) }, portsFor(hanging));
    expect(role.deny()).toContain(grantId(1));
    expect(role.deny()).toContain(grantId(2));
  });

  it('is waited for by pauses that grow, and that leave alone a store which is slow to answer', async () => {
    const { roles } = roleWith(145);
    /** The pauses of one who waits through eight looks, each of which takes the store so long. */
    const pausesWhere = async (answersInMs: number): Promise<number[]> => {
      const roleArn = roleOf(`slow-${answersInMs}`);
      const ports = portsFor(roles);
      const { fence } = await ports.ledgers.acquire(roleArn, 600);
      const pauses: number[] = [];
      const acquire = async (...asked: Parameters<typeof ports.ledgers.acquire>) => {
        await clock.turn(answersInMs);
        return ports.ledgers.acquire(...asked);
      };
      const pause = async (ms: number): Promise<void> => {
        await clock.turn(ms);
        if (pauses.push(ms) === 8) await ports.ledgers.release(roleArn, fence);
      };
      await applyLedger({ roleArn, entry: entryOf(1) }, { ...ports, pause, ledgers: { ...ports.ledgers, acquire } });
      return pauses;
    };
    const [first = 0, ...later] = await pausesWhere(1);
    expect(first).toBeLessThanOrEqual(250);
    expect(Math.max(...later)).toBeLessThanOrEqual(2_000);
    // Twice as long as it took, less up to three tenths by which they are spread.
    for (const ms of await pausesWhere(3_000)) expect(ms).toBeGreaterThanOrEqual(4_200);
    // Eight seconds at most, however long it took: after that it is time to look whether the writer is dead.
    expect(Math.max(...(await pausesWhere(60_000)))).toBeLessThanOrEqual(8_000);
  });

  it('is not written again when it already says so', async () => {
    const role = roleWith(145);
    const ports = portsFor(role.roles);
    await applyLedger({ roleArn: roleOf('once'), entry: entryOf(1) }, ports);
    await applyLedger({ roleArn: roleOf('once') }, ports);
    expect(role.writes()).toBe(1);
  });
});
