import { DaypassError } from '#core/errors.ts';
import { emptyLedger, type Ledger, type LedgerEntry, lineOf } from '#core/ledger/ledger.ts';
import type { Clock } from '#ports/clock.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

const inOrder = (one: [string, unknown], other: [string, unknown]): number => (one[0] < other[0] ? -1 : 1);

const busy = (roleArn: string): DaypassError =>
  new DaypassError('RoleBusy', `Another revocation is being written to ${roleArn}.`);

/** What `adapters/aws/ledger-store.ts` is on DynamoDB. `test/contract/stores.test.ts` holds the two to the same. */
export const memoryLedgers = ({ ledgers, leases, proposals }: Memory, clock: Clock): LedgerStore => {
  const ledgerOf = (roleArn: string): Ledger => {
    const found = ledgers.get(roleArn);
    return found ? copy(found) : emptyLedger(roleArn);
  };
  const propose = (roleArn: string, entry: LedgerEntry): void => {
    const waiting = proposals.get(roleArn) ?? new Map<string, LedgerEntry>();
    proposals.set(roleArn, waiting.set(lineOf(entry), copy(entry)));
  };
  return {
    get: async (roleArn) => ledgerOf(roleArn),
    all: async () => [...ledgers].sort(inOrder).map(([, ledger]) => copy(ledger)),
    save: async (ledger) => {
      mustFollow(`The ledger of ${ledger.roleArn}`, ledgers.get(ledger.roleArn)?.version ?? 0, ledger.version);
      ledgers.set(ledger.roleArn, copy(ledger));
    },
    propose: async (roleArn, entry) => propose(roleArn, entry),
    isProposed: async (roleArn, entry) => proposals.get(roleArn)?.has(lineOf(entry)) ?? false,
    proposed: async (roleArn) => [...(proposals.get(roleArn) ?? [])].sort(inOrder).map(([, entry]) => copy(entry)),
    settle: async (roleArn, entries) => {
      for (const entry of entries) proposals.get(roleArn)?.delete(lineOf(entry));
    },
    acquire: async (roleArn, forSec, proposing = []) => {
      for (const entry of proposing) propose(roleArn, entry);
      const nowMs = clock.nowMs();
      const lease = leases.get(roleArn) ?? { fence: 0 };
      if (lease.heldUntilMs !== undefined && lease.heldUntilMs > nowMs) throw busy(roleArn);
      leases.set(roleArn, { fence: lease.fence + 1, heldUntilMs: nowMs + forSec * 1000 });
      return { fence: lease.fence + 1, ledger: ledgerOf(roleArn) };
    },
    record: async (roleArn, { entriesVersion, digest, pace, restored, roleGone }, fence, denied) => {
      const ledger = ledgers.get(roleArn);
      const isWriter = leases.get(roleArn)?.fence === fence;
      if (!ledger || ledger.appliedVersion > entriesVersion || !isWriter) throw busy(roleArn);
      ledgers.set(
        roleArn,
        copy({
          ...ledger,
          version: ledger.version + 1,
          appliedVersion: entriesVersion,
          appliedDigest: digest,
          roleGone,
          ...(pace && { pace }),
          ...(restored && { restored }),
        }),
      );
      leases.set(roleArn, { fence });
      for (const entry of denied) proposals.get(roleArn)?.delete(lineOf(entry));
      return [];
    },
    release: async (roleArn, fence) => {
      if (leases.get(roleArn)?.fence === fence) leases.set(roleArn, { fence });
    },
  };
};
