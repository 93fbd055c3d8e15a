import { earlierOf, isPastByBothClocks, laterOf } from '#core/instant.ts';

/**
 * A role into which sessions of a grant went on. There is one record for each grant and role, however many sessions
 * there are, and to any depth: the sessions of all of them carry the grant's tag. All instants ISO 8601 UTC.
 */
export type ChainedRole = {
  grantId: string;
  roleArn: string;
  version: number;
  /** When the first of its sessions was issued. */
  firstAt: string;
  /** When the last of its sessions dies by itself, also of those that are not listed any more. */
  expiresBy: string;
  /** How many sessions there were, and the newest of them. */
  count: number;
  sessions: readonly ChainedSession[];
  /** Sessions issued up to then are denied, and that was read back. */
  deniedAt?: string;
  /** When it was seen that all its sessions had expired by themselves. */
  overAt?: string;
};

/** `userId` is the session's `aws:userid`. */
export type ChainedSession = { userId: string; accessKeyId?: string; issuedAt: string; expiresBy: string };

/** Enough for people to look at; what is denied is the grant on the role, not one session. */
export const mostListed = 20;

/** Roles recorded for one grant beyond those that the policy names. */
export const mostStrangeRoles = 50;

const same = (one: ChainedSession, other: ChainedSession): boolean =>
  one.userId === other.userId && one.accessKeyId === other.accessKeyId && one.issuedAt === other.issuedAt;

/** With one more session; undefined where it is known. One that is issued after the deny opens the record again. */
export const withSession = (
  known: ChainedRole | undefined,
  { grantId, roleArn }: Pick<ChainedRole, 'grantId' | 'roleArn'>,
  session: ChainedSession,
): ChainedRole | undefined => {
  const { issuedAt, expiresBy } = session;
  if (!known) return { grantId, roleArn, version: 1, firstAt: issuedAt, expiresBy, count: 1, sessions: [session] };
  if (known.sessions.some((listed) => same(listed, session))) return undefined;
  const { overAt: _, deniedAt, ...rest } = known;
  const sessions = [...known.sessions, session].sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
  return {
    ...rest,
    version: known.version + 1,
    firstAt: earlierOf(issuedAt, known.firstAt),
    expiresBy: laterOf(known.expiresBy, expiresBy),
    count: known.count + 1,
    sessions: sessions.slice(-mostListed),
    ...(deniedAt !== undefined && issuedAt <= deniedAt && { deniedAt }),
  };
};

/** Whether all its sessions have expired by themselves. */
export const isOver = ({ expiresBy }: ChainedRole, nowMs: number): boolean => isPastByBothClocks(expiresBy, nowMs);

/** Whether somebody still has to deny it, once its grant has ended, or to wait until its sessions are over. */
export const isOpen = ({ deniedAt, overAt }: ChainedRole): boolean => deniedAt === undefined && overAt === undefined;

/** After the deny of what was issued up to `revokedAt` was read back; undefined where a session was issued since. */
export const withDeny = (role: ChainedRole, revokedAt: string): ChainedRole | undefined =>
  role.sessions.some(({ issuedAt }) => issuedAt > revokedAt)
    ? undefined
    : { ...role, version: role.version + 1, deniedAt: revokedAt };
