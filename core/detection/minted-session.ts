import { sameRole } from '#core/aws-role.ts';
import { mintIdIn } from '#core/grant/session-name.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { TrailCaller } from './trail-event.ts';

/** The mint that made the session, by the session's name or `aws:userid`. */
export const mintOf = (request: AccessRequest, userId: string): AccessRequest['sessions'][number] | undefined => {
  const mintId = mintIdIn(userId);
  return mintId === undefined ? undefined : request.sessions.find((session) => session.mintId === mintId);
};

export const mintedUnder = (
  requests: readonly AccessRequest[],
  { userId, role }: TrailCaller,
): AccessRequest | undefined =>
  userId === undefined || role === undefined
    ? undefined
    : requests.find((request) => sameRole(request, role) && mintOf(request, userId) !== undefined);
