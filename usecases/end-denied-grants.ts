import { beginEnd } from '#core/request/grant.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { changeRequest } from './change-request.ts';
import { type RevokePorts, revokeSessions } from './revoke-sessions.ts';

/**
 * Ends live grants whose sessions are denied already: a lockdown denies before it ends, and what did so may have died in
 * between and been lifted since. A grant that lives and mints nothing that works would be nobody's wish. Returns their ids.
 * Idempotent. Throws what `revokeSessions` throws.
 */
export const endDeniedGrants = async (ports: RevokePorts & Pick<Ports, 'clock'>): Promise<string[]> => {
  const [ledgers, active] = await Promise.all([ports.ledgers.all(), ports.requests.withStatus('active')]);
  const denied = new Set(
    ledgers.flatMap(({ entries }) => entries.flatMap((entry) => ('grantId' in entry ? entry.grantId : []))),
  );
  const ids = active.map(({ id }) => id).filter((id) => denied.has(id));
  for (const requestId of ids) {
    const at = toIso(ports.clock.nowMs());
    await changeRequest(
      requestId,
      (now) => (now.status === 'active' ? { change: beginEnd(now, { reason: 'lockdown', at }) } : { keep: now }),
      ports,
    );
    await revokeSessions({ requestId }, ports);
  }
  return ids;
};
