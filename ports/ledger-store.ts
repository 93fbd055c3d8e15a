import type { Ledger, LedgerEntry, Pace } from '#core/ledger/ledger.ts';

/** Where each role's ledger lives. Every method throws `StoreUnavailable`. */
export type LedgerStore = {
  /** The role's ledger, an empty one (version 0) where there is none yet. */
  get(roleArn: string): Promise<Ledger>;
  /** Every ledger there is. */
  all(): Promise<Ledger[]>;
  /** How far the ledger is, zeros where there is none: small enough for many to ask over and over. */
  progress(roleArn: string): Promise<Pick<Ledger, 'entriesVersion' | 'appliedVersion' | 'roleGone'>>;
  /** Saves version `ledger.version`; the stored one must be one less, else `VersionConflict`. */
  save(ledger: Ledger): Promise<void>;
  /**
   * Adds a revocation, however many others do so at the same time. `not-added`, because it is there
   * already, there is no ledger yet, or it is so long that it has to be made shorter first. May throw `VersionConflict`.
   */
  add(roleArn: string, entry: LedgerEntry): Promise<'added' | 'not-added'>;
  /**
   * Makes the caller the role's only writer until it releases, or `forSec` have passed. Returns the fencing number,
   * greater than every one before it; throws `RoleBusy` while another holds it.
   */
  acquire(roleArn: string, forSec: number): Promise<number>;
  /**
   * Records what the writer with this fencing number read back, and gives the role back, both or neither. Throws
   * `RoleBusy` where somebody else has become the writer meanwhile; `VersionConflict` is to be tried again.
   */
  record(roleArn: string, applied: AppliedDocument, fence: number): Promise<void>;
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
