import type { LockdownChange } from '#core/lockdown/change.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import type { Register } from '#ports/lockdown-store.ts';
import type { Ports } from '#ports/ports.ts';
import { publishing, type Store } from '#usecases/change.ts';
import { endLoginsOf } from '#usecases/login/end-login.ts';

/** A lockdown, if there is one with its id, and what is in force. */
export type Stored = { lockdown: Lockdown | undefined; register: Register };

/**
 * For changes of what is in force: they are judged by the register, and saved on condition that it is as it was read.
 */
export const lockdownsIn = ({
  lockdowns,
  outbox,
}: Pick<Ports, 'lockdowns' | 'outbox'>): Store<Stored, Lockdown, LockdownChange> => ({
  read: async (id) => {
    const [lockdown, register] = await Promise.all([lockdowns.get(id), lockdowns.register()]);
    return { lockdown, register };
  },
  save: async (change, { register }) =>
    (await publishing((each: LockdownChange) => lockdowns.save(each, register), outbox)(change)).lockdown,
  publishLeftovers: (id) => outbox.publishLeftovers(id),
});

/**
 * For lifts. Whoever was let in before is a stranger as long as nobody knows why their person was locked down, and
 * nobody is let in while it holds: so every login of the person ends before the lockdown does.
 */
export const liftsIn = (
  ports: Pick<Ports, 'clock' | 'lockdowns' | 'logins' | 'outbox'>,
): Store<Stored, Lockdown, LockdownChange> => {
  const store = lockdownsIn(ports);
  return {
    ...store,
    save: async (change, before) => {
      const { scope } = change.lockdown;
      if (scope.kind === 'person') await endLoginsOf(scope.personId, ports);
      return store.save(change, before);
    },
  };
};
