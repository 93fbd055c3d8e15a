import type { Ledger } from '#core/ledger/ledger.ts';

/** Where each role's ledger lives. */
export type LedgerStore = {
  /** The role's ledger, an empty one (version 0) where there is none yet. */
  get(roleArn: string): Promise<Ledger>;
  /** Saves version `ledger.version`; the stored one must be one less, else `VersionConflict`. */
  save(ledger: Ledger): Promise<void>;
  /**
   * Makes the caller the role's only writer until it releases, or `forSec` have passed. Returns the fencing number,
   * greater than every one before it; throws `RoleBusy` while another holds it.
   */
  acquire(roleArn: string, forSec: number): Promise<number>;
  /** Gives the role back. Nothing happens if somebody else holds it by now. */
  release(roleArn: string, fence: number): Promise<void>;
};
