import { type RoleRef, roleArnOf } from '#core/aws-role.ts';
import { clip } from '#core/clip.ts';
import { deadBy } from '#core/ledger/lifetime.ts';
import type { FoundSession } from './finding.ts';
import type { RoleAssumed, TrailCaller, TrailEvent } from './trail-event.ts';
import { present } from './untrusted-json.ts';

/**
 * Texts about an event for people. Everything that a caller could write is plain text here and escaped where it is
 * shown.
 */

/** `user production-admin (222222222222)`. The target account's copy of an event tells the caller's account only. */
export const nameOfCaller = ({ arn, role, accountId = 'unknown', type, userId, invokedBy }: TrailCaller): string => {
  if (role) return `a session of role ${role.roleName} (${role.accountId})`;
  if (type === 'Root') return `the root user of ${accountId}`;
  const [, kind, name] = /:(user|role|federated-user)\/(?:.*\/)?([^/]+)$/.exec(arn ?? '') ?? [];
  if (kind && name) return `${kind} ${clip(name, 64)} (${accountId})`;
  if (invokedBy) return `the service ${clip(invokedBy, 64)}`;
  return userId ? `${clip(userId, 80)} of account ${accountId}` : `somebody of account ${accountId}`;
};

/** The same for every session of one role, and in both copies of a cross-account assumption. */
export const callerKey = ({ userId, accountId, arn, invokedBy, type }: TrailCaller): string =>
  `${accountId ?? ''}/${userId?.split(':')[0] ?? arn ?? invokedBy ?? type}`;

/**
 * Who did it: the session that called, not only its role, and the person that it is bound to. In both copies of a
 * cross-account assumption the same: STS answers with the person, too.
 */
export const whoDid = ({ caller, ...event }: Pick<TrailEvent, 'caller'> & { sourceIdentity?: string }): string => {
  const session = caller.userId?.split(':').slice(1).join(':');
  const person = event.sourceIdentity ?? caller.sourceIdentity;
  return `${callerKey(caller)}${session ? `/${session}` : ''}${person === undefined ? '' : `/as:${person}`}`;
};

export const nameOfRole = ({ accountId, roleName }: RoleRef): string => `${roleName} (${accountId})`;

const policyIn = (event: TrailEvent): string | undefined => {
  if (event.kind === 'policy-changed') return event.policyArn;
  return event.kind === 'role-changed' ? (event.policyName ?? event.policyArn) : undefined;
};

/** What Details shows of any event. The caller's own copy of an event tells more than the target account's. */
export const detailsOf = (event: TrailEvent, role?: RoleRef): Readonly<Record<string, string>> => {
  const { caller } = event;
  const assumed = event.kind === 'role-assumed' ? event : undefined;
  const facts = present({
    Role: role && roleArnOf(role),
    Call: `${event.source.split('.')[0]}:${event.name}${event.errorCode ? ` (${event.errorCode})` : ''}`,
    Caller: caller.arn ?? (caller.accountId && `${caller.userId ?? caller.type} of account ${caller.accountId}`),
    'Session name': assumed?.sessionName,
    'Source identity': assumed?.sourceIdentity ?? caller.sourceIdentity,
    Session: assumed?.session?.userId ?? (caller.role && caller.userId),
    'Caller’s access key id': caller.accessKeyId,
    'Issued access key id': assumed?.session?.accessKeyId,
    'Session tags':
      assumed &&
      (Object.entries(assumed.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ') ||
        'none'),
    Policy: policyIn(event),
    From: event.sourceIp,
    'User agent': event.userAgent,
    Region: event.region,
    'Event id': event.eventId,
  });
  return Object.fromEntries(Object.entries(facts).map(([label, value]) => [label, clip(value, 256)]));
};

/**
 * The session that an assumption began, as a finding carries it; nothing where the event does not tell. It is chained
 * where the event says that a role's session asked for it; the target account's copy does not say who did.
 */
export const foundSession = ({ session, caller }: RoleAssumed): { session?: FoundSession } =>
  session === undefined
    ? {}
    : {
        session: {
          userId: session.userId,
          expiresBy: session.expiresAt,
          deadBy: deadBy(session.expiresAt, { chained: caller.type === 'AssumedRole' }),
          ...(session.accessKeyId !== undefined && { accessKeyId: session.accessKeyId }),
        },
      };
