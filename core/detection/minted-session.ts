import { sameRole } from '#core/aws-role.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { TrailCaller } from './trail-event.ts';

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
