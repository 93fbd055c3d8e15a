declare const seenOnTheRole: unique symbol;

/**
 * What stands on the role now, as its writer saw it there. `restored`: it had been in force, somebody else had changed
 * it, and it was put back. Only the engine makes one, so whoever says that something is denied has had it read back.
 */
export type Applied = {
  outcome: 'in-force' | 'role-gone';
  restored: boolean;
  readonly [seenOnTheRole]: true;
};

/** How it is certain by it that the sessions are dead which were to be denied. */
export const deathBy = ({ outcome }: Applied): 'denied' | 'role-gone' =>
  outcome === 'in-force' ? 'denied' : 'role-gone';

export const readBack = (seen: Omit<Applied, typeof seenOnTheRole>): Applied => seen as Applied;
