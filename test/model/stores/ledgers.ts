import { DaypassError } from '#core/errors.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import type { Clock } from '#ports/clock.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

/** What `adapters/aws/ledger-store.ts` is on DynamoDB. `store-contract.test.ts` holds the two to the same. */
export const memoryLedgers = ({ ledgers, leases }: Memory, clock: Clock): LedgerStore => ({
  get: async (roleArn) => {
    const found = ledgers.get(roleArn);
    return found ? copy(found) : emptyLedger(roleArn);
  },
  save: async (ledger) => {
    mustFollow(`The ledger of ${ledger.roleArn}`, ledgers.get(ledger.roleArn)?.version ?? 0, ledger.version);
    ledgers.set(ledger.roleArn, copy(ledger));
  },
  acquire: async (roleArn, forSec) => {
    const nowMs = clock.nowMs();
    const lease = leases.get(roleArn) ?? { fence: 0 };
    if (lease.heldUntilMs !== undefined && lease.heldUntilMs > nowMs) {
      throw new DaypassError('RoleBusy', `Another revocation is being written to ${roleArn}.`);
    }
    leases.set(roleArn, { fence: lease.fence + 1, heldUntilMs: nowMs + forSec * 1000 });
    return lease.fence + 1;
  },
  release: async (roleArn, fence) => {
    if (leases.get(roleArn)?.fence === fence) leases.set(roleArn, { fence });
  },
});
