import type { Alert } from '#core/alert/alert.ts';
import type { DomainEvent } from '#events/events.ts';

export type AlertStore = {
  get(id: string): Promise<Alert | undefined>;
  /**
   * Saves version `alert.version` with its events; the stored one must be one less (absent for 1), else
   * `VersionConflict`. Throws `StoreRefused` for what it can never store.
   */
  save(change: { alert: Alert; events: readonly DomainEvent[] }): Promise<void>;
  /** Alerts that are not closed. Eventually consistent. */
  open(): Promise<Alert[]>;
};
