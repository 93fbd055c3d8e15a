import type { RoleRef } from '#core/aws-role.ts';
import { mayGoOn } from '#core/chain/steps.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import type { AccessRequest, GrantedRequest } from '#core/request/request.ts';
import type { Known } from './known.ts';
import type { RoleAssumed, TrailEvent } from './trail-event.ts';

/** A role was assumed by a session that has a grant's tag from the session before it: STS alone writes that down. */
export type GoneOn = { event: RoleAssumed; request: GrantedRequest };

export const goneOn = (event: TrailEvent, { tagged }: { tagged?: AccessRequest | undefined }): GoneOn | undefined => {
  if (event.kind !== 'role-assumed' || event.errorCode !== undefined) return undefined;
  const grantId = event.inherited[grantTag];
  return grantId !== undefined && tagged?.id === grantId && 'grant' in tagged ? { event, request: tagged } : undefined;
};

/** Why the grant does not explain that one of its sessions went on to this role; undefined where it does. */
export const unexplainedStep = ({ event, request }: GoneOn, role: RoleRef, known: Known): string | undefined => {
  const who = event.sourceIdentity ?? event.caller.sourceIdentity;
  if (who !== undefined && who !== request.personId) return 'the grant it names is somebody else’s';
  if (event.inherited[entitlementTag] !== request.entitlementId) return 'its tags are not those of the grant';
  return mayGoOn(event, role, request, known.steps) ? undefined : 'the policy does not let it go on to this role';
};
