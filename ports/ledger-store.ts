import type { Ledger, LedgerEntry, Pace } from '#core/ledger/ledger.ts';

/** Where each role's ledger lives. Every method throws `StoreUnavailable`. */
export type LedgerStore = {
  /** The role's ledger, an empty one (version 0) where there is none yet. */
  get(roleArn: string): Promise<Ledger>;
  /** Every ledger there is. */
  all(): Promise<Ledger[]>;
  /** Saves version `ledger.version`; the stored one must be one less, else `VersionConflict`. */
  save(ledger: Ledger): Promise<void>;
  /**
   * Puts a revocation before the role's next writer, however many others do so at the same time. Twice is nothing.
   * `VersionConflict`, where somebody else writes the same one at this moment, is to be tried again.
   */
  propose(roleArn: string, entry: LedgerEntry): Promise<void>;
  /** Whether it still waits: a writer takes it away once the role was seen to deny it. */
  isProposed(roleArn: string, entry: LedgerEntry): Promise<boolean>;
  /** Everything that waits for the role's next writer. */
  proposed(roleArn: string): Promise<LedgerEntry[]>;
  /** Takes away what the role was seen to deny. */
  settle(roleArn: string, entries: readonly LedgerEntry[]): Promise<void>;
  /**
   * Puts revocations before the role's next writer as `propose` does, and makes the caller that writer until it
   * releases, or `forSec` have passed. Returns the fencing number, greater than every one before it, and the ledger as
   * it is then. Throws `RoleBusy` while another holds the role; what was proposed waits for that one. `VersionConflict`
   * is to be tried again.
   */
  acquire(
    roleArn: string,
    forSec: number,
    proposing?: readonly LedgerEntry[],
  ): Promise<{ fence: number; ledger: Ledger }>;
  /**
   * Records what the writer with this fencing number read back, takes away what the role was seen to deny by it, and
   * gives the role back: all or nothing. Returns what of `denied` was too much for that and is to be settled. Throws
   * `RoleBusy` where somebody else has become the writer meanwhile; `VersionConflict` is to be tried again.
   */
  record(
    roleArn: string,
    applied: AppliedDocument,
    fence: number,
    denied: readonly LedgerEntry[],
  ): Promise<readonly LedgerEntry[]>;
  /** Gives the role back. Nothing happens if somebody else holds it by now. */
  release(roleArn: string, fence: number): Promise<void>;
};

/** The document that a role shows: of which `entriesVersion`, its digest, and what `Ledger` says of the rest. */
export type AppliedDocument = {
  entriesVersion: number;
  digest: string;
  pace?: Pace;
  restored?: { at: string; count: number };
  roleGone: boolean;
};
