import type { Count } from '#core/limits.ts';
import type { Login } from '#core/login/login.ts';

/**
 * Where logins live. Every method throws `StoreUnavailable` when the database cannot be reached. Reads are consistent.
 */
export type LoginStore = {
  /**
   * Saves version `login.version`; the stored one must be one less (absent for 1), else `VersionConflict`. Where there
   * may not be one more of what it counts, nothing is saved: `LimitReached`, with the count as its cause.
   */
  save(login: Login, counts?: readonly Count[]): Promise<void>;
  /** Of the logins that were handed in here, those that still wait and are not among the newest `most` go. */
  keepPending(login: Login, most: number): Promise<void>;
  get(id: string): Promise<Login | undefined>;
  byDeviceCodeHash(hash: string): Promise<Login | undefined>;
  byUserCode(userCode: string): Promise<Login | undefined>;
  byTokenHash(hash: string): Promise<Login | undefined>;
  /** The ids of those that this person confirmed, also where they were ended since; old ones are left out. */
  confirmedBy(personId: string): Promise<string[]>;
  /** Notes that the program polled at this instant (ISO 8601), and returns when it did so before. */
  notePoll(loginId: string, at: string): Promise<string | undefined>;
};
