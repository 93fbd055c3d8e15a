import { sameRole } from '#core/aws-role.ts';
import type { EmbeddedSession, Session } from '#core/grant/session.ts';
import { mintIdIn } from '#core/grant/session-name.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { RoleAssumed, TrailCaller } from './trail-event.ts';

/** A session that Daypass minted, and the request under which it did. */
export type MintedSession = { session: Pick<Session, 'mintId' | 'expiresBy'>; request: AccessRequest };

/** The mint that the assumed session's name tells, whether or not there was one. */
export const mintNamedBy = ({ session, sessionName }: RoleAssumed): string | undefined =>
  mintIdIn(session?.userId ?? sessionName ?? '');

/** The same among those that an earlier version kept inside the request. */
export const embeddedIn = (request: AccessRequest, userId: string): EmbeddedSession | undefined => {
  const mintId = mintIdIn(userId);
  return mintId === undefined ? undefined : request.sessions?.find((session) => session.mintId === mintId);
};

/** Whoever can name sessions names them as they like: it is the caller's where its person and its role are too. */
export const isCallers = ({ request }: MintedSession, { role, sourceIdentity }: TrailCaller): boolean =>
  role !== undefined && sameRole(request, role) && request.personId === sourceIdentity;
