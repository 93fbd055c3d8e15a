import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#ports/clock.ts';
import type { RandomBytes } from './ids.ts';
import type { KeyRing } from './keys.ts';
import { type PolicyStore, policyStore } from './policy-store.ts';
import { type PrincipalStore, principalStore } from './store.ts';

/** Everything that the IAM operations work with. */
export type IamStores = {
  principals: PrincipalStore;
  policies: PolicyStore;
  keys: KeyRing;
  clock: Clock;
  random: RandomBytes;
  /** All of what `change` writes, or nothing of it. */
  atomically<T>(change: () => T): T;
};

export const iamStores = (db: DatabaseSync, keys: KeyRing, clock: Clock, random: RandomBytes): IamStores => ({
  principals: principalStore(db),
  policies: policyStore(db),
  keys,
  clock,
  random,
  atomically: (change) => {
    db.exec('SAVEPOINT iam_change');
    try {
      const done = change();
      db.exec('RELEASE iam_change');
      return done;
    } catch (error) {
      db.exec('ROLLBACK TO iam_change; RELEASE iam_change');
      throw error;
    }
  },
});
