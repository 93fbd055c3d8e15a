/** What is locked down: everything of one person, of one managed role or of one account. */
export type LockdownScope =
  | { kind: 'person'; personId: string }
  | { kind: 'role'; accountId: string; roleName: string }
  | { kind: 'account'; accountId: string };

/**
 * The panic button, pressed: what it covers ends, and nothing new begins under it until people lift it. All instants
 * ISO 8601 UTC.
 */
export type Lockdown = {
  /** A ULID; also the name of its execution. */
  id: string;
  /** Counts the changes; the first stored version is 1. */
  version: number;
  /** Hash of the newest audit entry. */
  auditHead: string;
  scope: LockdownScope;
  reason: string;
  begunAt: string;
  /** A person's id. */
  begunBy: string;
  /**
   * The workflow, or the sweeper, found nothing more to end. `progress` is that of what it had met by then
   * (`core/lockdown/tally.ts`).
   */
  finished?: { at: string; progress: number };
} & ({ status: 'in-force' } | { status: 'lifted'; liftedAt: string; liftedBy: string; liftReason: string });

/** As much of a lockdown as a decision needs to know. */
export type InForce = Pick<Lockdown, 'id' | 'scope' | 'reason' | 'begunAt' | 'begunBy'>;

/** What may stand under a lockdown. An `AccessRequest` is one. */
export type Lockable = { personId: string; accountId: string; roleName: string };

export const covers = (scope: LockdownScope, { personId, accountId, roleName }: Lockable): boolean => {
  switch (scope.kind) {
    case 'person':
      return scope.personId === personId;
    case 'role':
      return scope.accountId === accountId && scope.roleName === roleName;
    case 'account':
      return scope.accountId === accountId;
  }
};

/** The oldest lockdown under which this stands. */
export const lockdownOver = (inForce: readonly InForce[], lockable: Lockable): InForce | undefined =>
  inForce.find(({ scope }) => covers(scope, lockable));

/** The lockdown of the person, whatever they ask for: they may neither approve nor lift anything while it holds. */
export const lockdownOfPerson = (inForce: readonly InForce[], personId: string): InForce | undefined =>
  inForce.find(({ scope }) => scope.kind === 'person' && scope.personId === personId);

export const sameScope = (one: LockdownScope, other: LockdownScope): boolean => subjectOf(one) === subjectOf(other);

/** One text for each scope, the same always. */
export const subjectOf = (scope: LockdownScope): string => {
  switch (scope.kind) {
    case 'person':
      return `person ${scope.personId}`;
    case 'role':
      return `role ${scope.accountId}/${scope.roleName}`;
    case 'account':
      return `account ${scope.accountId}`;
  }
};
