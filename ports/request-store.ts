import type { Session } from '#core/grant/session.ts';
import type { Count } from '#core/limits.ts';
import type { AuditEntry } from '#core/request/audit.ts';
import type { AccessRequest, RequestStatus } from '#core/request/request.ts';
import type { DomainEvent } from '#events/events.ts';

/**
 * A change of one request as it is saved: the new state, its audit entry, its events and its sessions, all or
 * nothing.
 */
export type RequestChange = {
  request: AccessRequest;
  audit: AuditEntry;
  events: readonly DomainEvent[];
  sessions?: readonly Session[];
  /** What it is one more of. */
  counts?: readonly Count[];
};

export type OpenStatus = Extract<RequestStatus, 'pending' | 'approved' | 'active' | 'ending'>;

/**
 * Where requests live. Every method throws `StoreUnavailable` when the database cannot be reached. Reads are
 * consistent.
 */
export type RequestStore = {
  get(id: string): Promise<AccessRequest | undefined>;
  /**
   * Saves one change. The stored version must be `change.request.version - 1` (absent for version 1);
   * otherwise nothing is written and `VersionConflict` is thrown. So it is, and `LimitReached` thrown, with the count
   * as its cause, where there may not be one more of what it counts.
   */
  save(change: RequestChange): Promise<void>;
  /** Puts a count that is full right: there are only so many. Where it is not full any more nothing is written. */
  recount(count: Count, to: number): Promise<void>;
  /**
   * A person's requests, newest first, at most `limit` (default 50), of those that are older than the one `before`.
   * Eventually consistent.
   */
  ofPerson(personId: string, limit?: number, before?: string): Promise<AccessRequest[]>;
  /**
   * Those that a person asked since then and that are not closed, newest first: of the newest 5,000 that they asked, of
   * which the closed ones stay in the database. Eventually consistent.
   */
  openOf(personId: string, sinceMs: number): Promise<AccessRequest[]>;
  /** All that a person asked in this time, newest first. Eventually consistent. */
  askedBetween(personId: string, fromMs: number, toMs: number): Promise<AccessRequest[]>;
  /**
   * Every request in this status, newest first; only statuses that are not closed are indexed. With a `page` at most so
   * many of those that are older than the one `before`. Eventually consistent.
   */
  withStatus(status: OpenStatus, page?: { limit: number; before?: string | undefined }): Promise<AccessRequest[]>;
  /** The audit chain of one request, oldest first. */
  audit(id: string): Promise<AuditEntry[]>;
};
