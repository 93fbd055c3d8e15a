import type { Ledger } from '#core/ledger/ledger.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';

/**
 * Saves what `change` makes of the ledger, and returns it; saves nothing where that is the ledger itself. `known`: as
 * the caller has just read it, which saves the first look.
 */
export const changeLedger = (
  roleArn: string,
  change: (ledger: Ledger) => Ledger,
  { ledgers, pause }: Pick<Ports, 'pause' | 'ledgers'>,
  known?: Ledger,
): Promise<Ledger> =>
  untilSaved(async (round) => {
    const ledger = round === 1 && known ? known : await ledgers.get(roleArn);
    const changed = change(ledger);
    if (changed === ledger) return ledger;
    const next = { ...changed, version: ledger.version + 1 };
    await ledgers.save(next);
    return next;
  }, pause);
