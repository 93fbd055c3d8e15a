import { isDaypassError } from '#core/errors.ts';
import type { Ledger } from '#core/ledger/ledger.ts';
import type { Ports } from '#ports/ports.ts';

type LedgerChangePorts = Pick<Ports, 'pause' | 'ledgers'>;

/** Each look at the ledger ends with somebody's change saved, so this many at once all get through. */
const looks = 100;

/** Does it again while somebody else changes the same ledger. */
export const untilUncontended = async <T>(
  attempt: () => Promise<T>,
  { pause }: Pick<LedgerChangePorts, 'pause'>,
): Promise<T> => {
  for (let look = 1; ; look++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict') || look === looks) throw error;
    }
    await pause(Math.min(5 * look, 50));
  }
};

/**
 * Saves what `change` makes of the ledger, and returns it; saves nothing where that is the ledger itself. `known`: as the
 * caller has just read it, which saves the first look.
 */
export const changeLedger = (
  roleArn: string,
  change: (ledger: Ledger) => Ledger,
  ports: LedgerChangePorts,
  known?: Ledger,
): Promise<Ledger> => {
  let read = known;
  return untilUncontended(async () => {
    const ledger = read ?? (await ports.ledgers.get(roleArn));
    read = undefined;
    const changed = change(ledger);
    if (changed === ledger) return ledger;
    const next = { ...changed, version: ledger.version + 1 };
    await ports.ledgers.save(next);
    return next;
  }, ports);
};
