import { type RoleRef, roleArnOf } from '#core/aws-role.ts';
import { type ChainedSession, mostStrangeRoles, withSession } from '#core/chain/chained-role.ts';
import { type GoneOn, unexplainedStep } from '#core/detection/chained-onward.ts';
import { type Known, managedRole } from '#core/detection/known.ts';
import type { RoleAssumed } from '#core/detection/trail-event.ts';
import { addMs, earlierOf } from '#core/instant.ts';
import { longestChainedMs } from '#core/ledger/lifetime.ts';
import type { GrantedRequest } from '#core/request/request.ts';
import { sha256 } from '#core/sha256.ts';
import type { DomainEvent } from '#events/events.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';

export type RecordChainPorts = Pick<Ports, 'chains' | 'outbox' | 'log'>;

const sessionIn = ({ session, sessionName, at, eventId, sharedEventId }: RoleAssumed): ChainedSession => ({
  userId: session?.userId ?? `unknown:${sessionName ?? sharedEventId ?? eventId}`,
  issuedAt: at,
  expiresBy: earlierOf(session?.expiresAt ?? '9', addMs(at, longestChainedMs)),
  ...(session?.accessKeyId !== undefined && { accessKeyId: session.accessKeyId }),
});

/** Its own count of versions, so its id says the role too. */
const chainedEvent = (request: GrantedRequest, role: RoleRef, version: number, at: string): DomainEvent => ({
  name: 'session.chained',
  detail: {
    eventId: `chain-${sha256(`${request.id} ${roleArnOf(role)}`).slice(0, 32)}.${version}`,
    at,
    requestId: request.id,
    version: request.version,
    personId: request.personId,
    entitlementId: request.entitlementId,
    ...role,
  },
});

/**
 * Records under its grant that a session went on to another role, and publishes it. What the policy does not explain is
 * recorded where a role of Daypass is at one end of it: a tag alone can be forged by whoever makes roles of their own.
 * The same event again is nothing. Throws `StoreUnavailable`, `VersionConflict`.
 */
export const recordChain = async (gone: GoneOn, known: Known, ports: RecordChainPorts): Promise<void> => {
  const { event, request } = gone;
  const role = managedRole(known, event.role) ?? event.role;
  const explained = unexplainedStep(gone, role, known) === undefined;
  if (!explained && !managedRole(known, event.role) && !managedRole(known, event.caller.role)) return;
  const roleArn = roleArnOf(role);
  await untilSaved(async () => {
    const roles = await ports.chains.ofGrant(request.id);
    const before = roles.find((each) => each.roleArn === roleArn);
    if (!before && !explained && roles.length >= mostStrangeRoles) {
      ports.log.error('A grant’s sessions went on to more roles than are recorded for one grant.', {
        requestId: request.id,
        roleArn,
        recorded: roles.length,
      });
      return;
    }
    const next = withSession(before, { grantId: request.id, roleArn }, sessionIn(event));
    if (!next) return;
    const events = [chainedEvent(request, role, next.version, event.at)];
    await ports.chains.save({ role: next, events });
    await ports.outbox.publish(events);
  });
};
