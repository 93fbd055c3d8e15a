import { type LockdownSubject, subjectText } from './subject.ts';

/**
 * What a lockdown has met, and how it stands with it. `verified`: its sessions are dead, and that was read back.
 * `closed`: it had not begun and never will. `failed`: the deny is not in force yet.
 */
export type Hit = { subject: LockdownSubject; outcome: 'found' | 'verified' | 'closed' | 'failed' };

export type Tally = {
  grants: number;
  verified: number;
  /** Requests that had not begun. */
  closed: number;
  /** Request ids and role ARNs, in order. */
  failed: readonly string[];
  /** Roles that deny every session issued before the lockdown, of all that it is to. */
  roles: { verified: number; all: number };
};

/** What could not be ended yet, in the order of its texts. */
export const failedIn = (hits: readonly Hit[]): readonly LockdownSubject[] =>
  hits
    .flatMap(({ subject, outcome }) => (outcome === 'failed' ? [subject] : []))
    .sort((one, other) => (subjectText(one) < subjectText(other) ? -1 : 1));

export const tallyOf = (hits: readonly Hit[]): Tally => {
  const count = (kind: readonly Hit[], outcome: Hit['outcome']): number =>
    kind.filter((hit) => hit.outcome === outcome).length;
  const roles = hits.filter(({ subject }) => subject.kind === 'role');
  const requests = hits.filter(({ subject }) => subject.kind === 'request');
  const closed = count(requests, 'closed');
  return {
    grants: requests.length - closed,
    verified: count(requests, 'verified'),
    closed,
    failed: failedIn(hits).map(subjectText),
    roles: { verified: count(roles, 'verified'), all: roles.length },
  };
};

/** How many states the tally can have gone through before this one: greater whenever something of it has moved on. */
export const progressOf = (hits: readonly Hit[]): number =>
  hits.reduce((sum, { outcome }) => sum + { found: 1, failed: 2, verified: 3, closed: 3 }[outcome], 0);
