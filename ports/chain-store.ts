import type { ChainedRole } from '#core/chain/chained-role.ts';
import type { DomainEvent } from '#events/events.ts';

/** Where is recorded into which roles sessions of a grant went on. Every method throws `StoreUnavailable`. */
export type ChainStore = {
  /** All of one grant. Consistent. */
  ofGrant(grantId: string): Promise<ChainedRole[]>;
  /**
   * Saves version `role.version` with its events; the stored one must be one less (absent for 1), else
   * `VersionConflict`.
   */
  save(change: { role: ChainedRole; events: readonly DomainEvent[] }): Promise<void>;
  /** Those that are open, of whatever grant. Eventually consistent. */
  open(): Promise<ChainedRole[]>;
};
