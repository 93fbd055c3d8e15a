import type { DomainEvent } from '#events/events.ts';

/** The way of domain events from the database to the bus: written with the change, published, then taken out. */
export type Outbox = {
  /** Keeps events that no change of a request or alert carries, durably, and publishes them. */
  announce(events: readonly DomainEvent[]): Promise<void>;
  /**
   * Publishes events that a save already wrote to the outbox, and takes them out. Never throws: what could not be
   * published stays for the sweeper.
   */
  publish(events: readonly DomainEvent[]): Promise<void>;
  /**
   * Publishes what was left behind: everything, or the events of the one request, alert or lockdown with this id.
   * Returns how many. Throws `StoreUnavailable`.
   */
  publishLeftovers(id?: string): Promise<number>;
};
