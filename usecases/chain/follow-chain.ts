import { isManagedRoleArn } from '#core/aws-role.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import { unendable } from '#core/detection/chain-out-of-reach.ts';
import { isDaypassError } from '#core/errors.ts';
import type { AccessRequest, GrantedRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';
import { denyLockedStep, lockdownOfRole } from '#usecases/lockdown/deny-locked-step.ts';
import { type RevokePorts, revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { type ChainPorts, revokeChain } from './revoke-chain.ts';

export type FollowPorts = RevokePorts & ChainPorts & Pick<Ports, 'alerts' | 'lockdowns'>;

/**
 * A session of this grant went on to another role. Under a live grant it is looked whether its end could reach that
 * role, and where that role is locked down it is denied there; under one that has ended, which happens when CloudTrail
 * is late, it is ended at once. Where it cannot be, an alert says so, once for each grant and role. Idempotent. Throws
 * what could not be done, to be tried again.
 */
export const followChain = async ({ requestId }: { requestId: string }, ports: FollowPorts): Promise<void> => {
  const request = await ports.requests.get(requestId);
  if (!request || !('grant' in request)) return;
  if (request.status === 'active') await probe(request, ports);
  else await endChain(request, ports);
};

/** The same for a grant that has ended. */
const endChain = async (request: AccessRequest & GrantedRequest, ports: FollowPorts): Promise<void> => {
  const failed = (await revokeChain(request, ports)).filter((end) => 'error' in end);
  for (const { role, error } of failed) await tell(request, role, error, ports);
  const [first] = failed;
  if (first) throw first.error;
  if (request.status === 'ending') await revokeSessions({ requestId: request.id }, ports);
};

/** Whoever waits for the end to find out has an hour of access too many. */
const probe = async (request: GrantedRequest, ports: FollowPorts): Promise<void> => {
  const [roles, { lockdowns }] = await Promise.all([ports.chains.ofGrant(request.id), ports.lockdowns.register()]);
  for (const role of roles) {
    if (!isManagedRoleArn(role.roleArn)) continue;
    const over = lockdownOfRole(lockdowns, role.roleArn);
    try {
      await (over ? denyLockedStep(role, over, ports) : ports.targetRoles.readDeny(role.roleArn));
    } catch (error) {
      if (!isDaypassError(error, 'RoleUnavailable')) throw error;
      await tell(request, role, error, ports);
    }
  }
};

/** The detector has told of roles that Daypass never could deny. */
const tell = async (request: GrantedRequest, role: ChainedRole, error: Error, ports: FollowPorts): Promise<void> => {
  if (isManagedRoleArn(role.roleArn)) await raiseAlert(unendable(request, role, error.message), ports);
};
