import type { LockdownAuditEntry, LockdownChange } from '#core/lockdown/change.ts';
import type { InForce, Lockdown } from '#core/lockdown/lockdown.ts';
import type { Hit } from '#core/lockdown/tally.ts';

/** What is locked down at one instant. `version` counts how often that has changed. */
export type Register = { version: number; lockdowns: readonly InForce[] };

/**
 * Where lockdowns live. Every method throws `StoreUnavailable` when the database cannot be reached. Reads are
 * consistent.
 */
export type LockdownStore = {
  /** One small read: every decision about access makes it. */
  register(): Promise<Register>;
  get(id: string): Promise<Lockdown | undefined>;
  /**
   * Saves one change with its audit entry and its events, all or nothing. One that begins or lifts a lockdown names the
   * `register` that it was judged by and changes it too. `VersionConflict` where either is not as it was read.
   */
  save(change: LockdownChange, register?: Register): Promise<void>;
  /** Notes how it stands with what a lockdown met. `found` never replaces what is known already. */
  note(id: string, hits: readonly Hit[]): Promise<void>;
  hits(id: string): Promise<Hit[]>;
  /** The audit chain of one lockdown, oldest first. */
  audit(id: string): Promise<LockdownAuditEntry[]>;
};
