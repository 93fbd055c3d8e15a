import type { Login } from '#core/login/login.ts';

/**
 * Where logins live. Every method throws `StoreUnavailable` when the database cannot be reached. Reads are consistent.
 */
export type LoginStore = {
  /** Saves version `login.version`; the stored one must be one less (absent for 1), else `VersionConflict`. */
  save(login: Login): Promise<void>;
  get(id: string): Promise<Login | undefined>;
  byDeviceCodeHash(hash: string): Promise<Login | undefined>;
  byUserCode(userCode: string): Promise<Login | undefined>;
  byTokenHash(hash: string): Promise<Login | undefined>;
  /** Notes that the program polled at this instant (ISO 8601), and returns when it did so before. */
  notePoll(loginId: string, at: string): Promise<string | undefined>;
};
