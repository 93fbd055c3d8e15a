/** One fact about one request, chained to the one before it. Never changed. */
export type AuditEntry = {
  requestId: string;
  /** The request's version that this fact made. */
  seq: number;
  /** ISO 8601. */
  at: string;
  /** A person's id, or `daypass` where no person did it. */
  actor: string;
  /** A domain event's name, or `session.intended`, which is not published. */
  fact: string;
  detail: Readonly<Record<string, unknown>>;
  /** Hash of the entry before it; empty for the first. */
  previousHash: string;
  /** SHA-256 (hex) over all of the above. */
  hash: string;
};
