import type { Ledger } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Actor } from './actor.ts';
import type { Issued } from './cloud.ts';
import type { Task } from './executions.ts';

/** What somebody who sees everything knows, and no process of Daypass. */
export type Observed = {
  /** Counts the port calls that had an effect. */
  step: number;
  issued: (Issued & { atStep: number })[];
  /** Sessions that went on from one of those, or from one of these. */
  chained: (Issued & { atStep: number })[];
  /** Sessions that somebody took by hand, each with the console session that they may have made of it at its end. */
  strangers: { issued: Issued; console: Issued }[];
  /** Access key ids of those that were revoked, and roles whose deny somebody may have taken away since. */
  revoked: Set<string>;
  loose: Set<string>;
  /** Grants of whose last mint the policy did not name yet where their sessions may go on to. */
  unnamed: Set<string>;
  /**
   * Access key id of such a session → the step at which the detector had taken the first of CloudTrail's records of it.
   */
  told: Map<string, number>;
  /** A session that went on to where it may not, or as somebody else's: none may. */
  strayed?: string;
  /** Access key ids that somebody was given. */
  handedOut: Set<string>;
  /** The step at which a grant stopped being active, and the one at which it had ended. */
  leftActive: Map<string, number>;
  ended: Map<string, number>;
  /** Requests and ledgers as they were at the last look. */
  lastRequests: Map<string, AccessRequest>;
  lastLedgers: Map<string, Ledger>;
  lastFences: Map<string, number>;
  /** Events that were saved with a change. */
  saved: Map<string, string>;
  /** Role → the newest `aws:TokenIssueTime` that an administrator set and nobody has taken back. */
  adminSet: Map<string, string>;
  /** Role → who has read its policy since it was last written. */
  readBack: Set<string>;
  /** Role → the step at which an administrator wrote it last. */
  adminWrote: Map<string, number>;
  /** The step at which each actor last read the policy of each role. */
  lastRead: Map<Actor, Map<string, number>>;
  /** Role → whether what the ledger held at the last write was more than fits. */
  overflowed: Set<string>;
  /** Those where it was not one person's alone: to deny them by their name always fits. */
  overflowedByMany: Set<string>;
  /**
   * Role → until when a watermark may reach ahead because of a mint that STS had not answered when its grant was
   * denied.
   */
  unanswered: Map<string, number>;
  /** Until when each actor holds the lease of each role. */
  leases: Map<Actor, Map<string, number>>;
  /** Role → grants whose verified deny somebody else has taken away since: see `invariants/granted.ts`. */
  excused: Map<string, Set<string>>;
  /** Roles on which the console's button was ever pressed. */
  pressed: Set<string>;
  /**
   * Roles on which what an administrator set was lost between a read and a write of ours, which the event has to mend.
   */
  overwritten: Set<string>;
  /** When the newest sweep began that nothing disturbed. */
  sweptAtMs?: number;
  sweptAtStep?: number;
  /** Grants that were active without an execution when such a sweep began. */
  endlessBeforeSweep: Set<string>;
  /** Access key ids of live grants that were denied when such a sweep began, no lockdown being in force over them. */
  deniedBeforeSweep: Set<string>;
  /** The step at which each process began. */
  beganAt: Map<Actor, number>;
  /** Lockdown → the step at which it was saved. */
  lockedAt: Map<string, number>;
  /** Lockdowns over which a sweep that nothing disturbed has gone when their execution was over. */
  lockdownsSwept: Set<string>;
  /** What began under a lockdown: nothing may. */
  beganUnderLockdown?: string;
  /** Who was handed credentials that STS issued under a lockdown in force: nobody may be. */
  handedOutUnderLockdown?: string;
  /** Which vote of which ballot was struck at which step: see `invariants/votes.ts`. */
  struck: Map<string, number>;
  /** What went on by votes that count no longer: nothing may. */
  carried?: string | undefined;
  /** How much was saved of what is limited, and the sessions that were counted: see `invariants/limits.ts`. */
  tally: Map<string, number>;
  intended: Set<string>;
  /** What was more than there may be, or was refused as such and never may be. */
  overLimit?: string | undefined;
  /** The processes that an execution had invoked, and for which of its states. */
  tasks: Map<Actor, Task>;
  /** What an execution did that none may: see `invariants/workflows.ts`. */
  astray?: string | undefined;
  logged: string[];
};

export const nothingObserved = (): Observed => ({
  step: 0,
  issued: [],
  chained: [],
  strangers: [],
  revoked: new Set(),
  loose: new Set(),
  unnamed: new Set(),
  told: new Map(),
  handedOut: new Set(),
  leftActive: new Map(),
  ended: new Map(),
  lastRequests: new Map(),
  lastLedgers: new Map(),
  lastFences: new Map(),
  saved: new Map(),
  adminSet: new Map(),
  readBack: new Set(),
  adminWrote: new Map(),
  lastRead: new Map(),
  overflowed: new Set(),
  overflowedByMany: new Set(),
  unanswered: new Map(),
  leases: new Map(),
  excused: new Map(),
  pressed: new Set(),
  overwritten: new Set(),
  endlessBeforeSweep: new Set(),
  deniedBeforeSweep: new Set(),
  beganAt: new Map(),
  lockedAt: new Map(),
  lockdownsSwept: new Set(),
  struck: new Map(),
  tally: new Map(),
  intended: new Set(),
  tasks: new Map(),
  logged: [],
});
