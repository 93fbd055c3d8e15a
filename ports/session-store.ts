import type { Session } from '#core/grant/session.ts';

/**
 * Where sessions are looked up; they are saved with the change of their request. Every method throws
 * `StoreUnavailable`.
 */
export type SessionStore = {
  /** Consistent. The session's name ends with its mint's id (`core/grant/session-name.ts`). */
  byMintId(mintId: string): Promise<Session | undefined>;
  /** Only those whose result is on record. Consistent. */
  byAccessKeyId(accessKeyId: string): Promise<Session | undefined>;
  /** A person's that were intended since an instant, the newest first. Eventually consistent. */
  ofPerson(personId: string, sinceMs: number): Promise<Session[]>;
};
