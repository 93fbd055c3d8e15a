import type { Alert } from '#core/alert/alert.ts';
import type { DomainEvent } from '#events/events.ts';

export type AlertStore = {
  get(id: string): Promise<Alert | undefined>;
  /**
   * Saves version `alert.version` with its events; the stored one must be one less (absent for 1), else
   * `VersionConflict`. Throws `StoreRefused` for what it can never store.
   */
  save(change: { alert: Alert; events: readonly DomainEvent[] }): Promise<void>;
  /**
   * Whether the alert is of those that the group has room for: the first `most` that ask, and these however often they
   * ask. The group is forgotten after a day.
   */
  admit(alertId: string, group: { id: string; most: number }, nowMs: number): Promise<boolean>;
  /** Alerts that are not closed. Eventually consistent. */
  open(): Promise<Alert[]>;
};
