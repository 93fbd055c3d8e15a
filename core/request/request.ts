import type { MintedSoFar } from '#core/grant/minted.ts';
import type { EmbeddedSession } from '#core/grant/session.ts';
import type { Decision } from '#core/policy/decision.ts';

/**
 * One ask and everything that became of it: the aggregate that is stored as one item with a `version`.
 * All instants are ISO 8601 UTC. Nothing in it is secret.
 */
export type AccessRequest = RequestFacts &
  (
    | { status: 'refused'; closedAt: string; lockdownId?: string }
    | { status: 'pending' }
    | { status: 'approved'; approvedAt: string }
    | { status: 'denied'; closedAt: string; deniedBy: string; deniedReason: string }
    | { status: 'cancelled'; closedAt: string }
    | { status: 'lapsed'; closedAt: string }
    | { status: 'active'; grant: Grant; interrupted?: Interruption }
    | { status: 'ending'; grant: Grant; end: GrantEnd; failure?: RevocationFailure }
    | {
        status: 'ended';
        grant: Grant;
        end: GrantEnd;
        verifiedAt: string;
        how: 'denied' | 'no-session' | 'sessions-expired' | 'role-gone';
        /** The roles into which its sessions went on, or may have; absent where there are none. */
        chained?: readonly ChainedEnd[];
      }
  );

export type RequestStatus = AccessRequest['status'];

export type RequestFacts = {
  /** A ULID; also the grant's id and the execution's name. */
  id: string;
  /** Counts the changes; the first stored version is 1. */
  version: number;
  /** Hash of the newest audit entry. */
  auditHead: string;
  personId: string;
  entitlementId: string;
  accountId: string;
  roleName: string;
  durationSec: number;
  reason: string;
  ticket?: string;
  askedAt: string;
  /** When it lapses if nobody answers. */
  lapsesAt: string;
  decision: Decision;
  votes: readonly Vote[];
  /** What revocation needs of the sessions that were minted under the grant; absent where none was. */
  minted?: MintedSoFar;
  /** Those that an earlier version minted. Later ones are items of their own. */
  sessions?: readonly EmbeddedSession[];
  /** More time that was asked for, oldest first; absent where it never was. At most one waits, as the last. */
  extensions?: readonly Extension[];
};

export type Vote = {
  personId: string;
  verdict: 'approve' | 'deny';
  at: string;
  reason?: string;
  /** It counts no longer: its person was locked down since. */
  struck?: { at: string; lockdownId: string };
};

/** The approved window `[startsAt, endsAt)`. Only an extension that was granted moves its end. */
export type Grant = { startsAt: string; endsAt: string };

/** More time for a live grant, under the same rule as a request of its own. One that waits lapses with the grant. */
export type Extension = {
  /** A ULID. */
  id: string;
  /** How long the whole window is once it is granted, from its start. */
  durationSec: number;
  reason: string;
  askedAt: string;
  decision: Decision;
  votes: readonly Vote[];
} & (
  | { status: 'waiting' }
  | { status: 'granted'; answeredAt: string }
  | { status: 'denied'; answeredAt: string; deniedBy: string; deniedReason: string }
);

export type ExtensionIn<S extends Extension['status']> = Extract<Extension, { status: S }>;

export type EndReason = 'expired' | 'done' | 'revoked' | 'policy-changed' | 'workflow-failed' | 'lockdown';

/**
 * Every session of its role that was issued before this is denied, or only every one of its person (`onlyTheirs`), this
 * grant's among them; the grant itself goes on.
 */
export type Interruption = { issuedBefore: string; onlyTheirs?: true };

/**
 * `by` is a person's id; absent where no person ended it. `lockdownId`: by which lockdown, where it was one; absent
 * where an earlier version ended it.
 */
export type GrantEnd = { reason: EndReason; at: string; by?: string; lockdownId?: string };

/**
 * What became of a grant's sessions on a role into which they went on, or may have (`unseen`): denied and read back,
 * dead by themselves, or with their role.
 */
export type ChainedEnd = { roleArn: string; how: 'denied' | 'expired' | 'role-gone'; unseen?: true };

/** The deny could not be put in force; the sweeper goes on trying. */
export type RevocationFailure = { since: string; attempts: number; error: string };

/** A request in one status (or one of several). */
export type RequestIn<S extends RequestStatus> = Extract<AccessRequest, { status: S }>;

export type LiveRequest = RequestIn<'active'>;
export type GrantedRequest = Extract<AccessRequest, { grant: Grant }>;
