import { beginEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import type { Ledger } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { judgeRequest } from '#usecases/change-request.ts';
import { type RevokePorts, revokeSessions } from './revoke-sessions.ts';

type EndPorts = RevokePorts & Pick<Ports, 'clock' | 'log'>;

/**
 * Ends those of these requests that are live grants whose sessions one of these ledgers denies already: a lockdown
 * denies before it ends, and what did so may have died in between and been lifted since. A grant that lives and mints
 * nothing that works would be nobody's wish. One grant's trouble does not keep the others waiting. Returns their ids.
 * Idempotent.
 */
export const endDeniedGrants = async (
  { ledgers, requests }: { ledgers: readonly Ledger[]; requests: readonly AccessRequest[] },
  ports: EndPorts,
): Promise<string[]> => {
  const denied = new Set(
    ledgers.flatMap(({ entries }) => entries.flatMap((entry) => ('grantId' in entry ? entry.grantId : []))),
  );
  const ended: string[] = [];
  for (const { id } of requests.filter(({ id, status }) => status === 'active' && denied.has(id))) {
    try {
      if (await end(id, ports)) ended.push(id);
    } catch (error) {
      ports.log.error('The sweeper could not end a grant that is denied already; it will try again.', {
        requestId: id,
        error: String(error),
      });
    }
  }
  return ended;
};

/** Whether it was still live. */
const end = async (requestId: string, ports: EndPorts): Promise<boolean> => {
  const outcome = await judgeRequest(
    requestId,
    (now) =>
      now.status === 'active'
        ? { change: beginEnd(now, { reason: 'lockdown', at: toIso(ports.clock.nowMs()) }), answer: 'was live' }
        : { keep: now },
    ports,
  );
  const wasLive = outcome.ok && outcome.value.answer !== undefined;
  if (wasLive) await revokeSessions({ requestId }, ports);
  return wasLive;
};
