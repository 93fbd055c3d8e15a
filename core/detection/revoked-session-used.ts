import { type RoleRef, roleArnOf, sameRole } from '#core/aws-role.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { factsOf, nameOfRole } from './describe.ts';
import type { Finding, FoundSession } from './finding.ts';
import { type Known, managedRole } from './known.ts';
import type { TrailCaller, TrailEvent } from './trail-event.ts';

/** IAM takes this long at most to carry a deny everywhere; until then a use that succeeds is no news. */
const propagationMs = 60_000;

/** A revocation also covers what was issued just after it, see `core/ledger/document.ts`. */
const aheadMs = 30_000;

/** `taken`: somebody took it away, as opposed to its time being up or its owner being done. */
type End = { at: string; taken: boolean; session: FoundSession; personId?: string };

/** The mint that made the session: its id is the end of the session's name, and so of its `aws:userid`. */
export const mintOf = (request: AccessRequest, userId: string): AccessRequest['sessions'][number] | undefined =>
  request.sessions.find((session) => userId.endsWith(`-${session.mintId}`));

export const mintedUnder = (
  requests: readonly AccessRequest[],
  { userId, role }: TrailCaller,
): AccessRequest | undefined =>
  userId === undefined || role === undefined
    ? undefined
    : requests.find((request) => sameRole(request, role) && mintOf(request, userId) !== undefined);

/** How and when the caller's session ends or ended; undefined for a session that Daypass knows nothing of. */
const endOf = ({ caller }: TrailEvent, known: Known): End | undefined => {
  const { userId, sessionCreatedAt, accessKeyId } = caller;
  if (userId === undefined) return undefined;
  const key = accessKeyId === undefined ? {} : { accessKeyId };
  const entry = known.revoked.find(
    (candidate) =>
      'userId' in candidate &&
      candidate.userId === userId &&
      (sessionCreatedAt === undefined || Date.parse(sessionCreatedAt) <= Date.parse(candidate.revokedAt) + aheadMs),
  );
  if (entry) return { at: entry.revokedAt, taken: true, session: { userId, expiresBy: entry.coversUntil, ...key } };

  const request = known.minted;
  const mint = request && mintOf(request, userId);
  if (!request || !mint || !('grant' in request)) return undefined;
  const at = accessEndsAt(request);
  const early = 'end' in request && at < request.grant.endsAt ? request.end.reason : undefined;
  return {
    at,
    taken: early !== undefined && early !== 'done' && early !== 'expired',
    session: { userId, grantId: request.id, expiresBy: mint.expiresBy, ...key },
    personId: request.personId,
  };
};

const findingOf = (event: TrailEvent, role: RoleRef, { at, session, personId }: End, worked: boolean): Finding => ({
  detection: 'revoked-session-used',
  severity: worked ? 'critical' : 'low',
  dedupKey: `revoked-session-used:${roleArnOf(role)}:${session.userId}`,
  summary: worked
    ? `A session of ${nameOfRole(role)} that has ended still works: ${event.name} succeeded.`
    : `A session of ${nameOfRole(role)} that has ended is still being used: ${event.name} got it nothing.`,
  at: event.at,
  eventId: event.sharedEventId ?? event.eventId,
  accountId: role.accountId,
  roleArn: roleArnOf(role),
  session,
  ...(personId !== undefined && { personId }),
  facts: { ...factsOf(event, role), 'Ended at': at },
});

/**
 * A session was used after its grant ended or after an alert revoked it. One that works is critical; a refused call is
 * low, and where the session ended by itself it is only told once a program that ran on had time to notice.
 * Any error counts as refused: services differ in whether they check the input or the permission first.
 */
export const revokedSessionUsed = (event: TrailEvent, known: Known): Finding | undefined => {
  const role = managedRole(known, event.caller.role);
  const end = role && endOf(event, known);
  if (!role || !end) return undefined;
  // Nobody can deny GetCallerIdentity: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  const worked = event.errorCode === undefined && event.name !== 'GetCallerIdentity';
  const graceMs = !worked && end.taken ? 0 : propagationMs;
  return Date.parse(event.at) > Date.parse(end.at) + graceMs ? findingOf(event, role, end, worked) : undefined;
};
