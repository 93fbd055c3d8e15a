import { isDaypassError } from '#core/errors.ts';
import { done, notFound, type Outcome, type Refused } from '#core/refusal.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';

/**
 * What to do with a request as it stands now: change it, leave it as it is, or refuse. `again`: this was asked for before. The
 * answer to that may have been lost after the save, so what it caused is published if it was not.
 */
export type Judgement = { change: Change } | { keep: AccessRequest; again?: true } | Refused;

export type ChangePorts = Pick<Ports, 'requests' | 'outbox'>;

/** Others may write between our read and our write; they get this many chances before the caller hears of it. */
const rounds = 10;

/** Saves a change and publishes what it caused. Throws `VersionConflict` when somebody else was quicker. */
export const saveChange = async (change: Change, { requests, outbox }: ChangePorts): Promise<AccessRequest> => {
  await requests.save(change);
  await outbox.publish(change.events);
  return change.request;
};

/**
 * Judges the request as it is stored and saves the change, again from the start when somebody else wrote meanwhile.
 * Throws `StoreUnavailable`, or `VersionConflict` if that never ends.
 */
export const changeRequest = async (
  requestId: string,
  judge: (request: AccessRequest) => Judgement,
  ports: ChangePorts,
): Promise<Outcome<AccessRequest>> => {
  for (let round = 1; ; round++) {
    const request = await ports.requests.get(requestId);
    if (!request) return notFound('request');
    const judgement = judge(request);
    if ('ok' in judgement) return judgement;
    if ('keep' in judgement) {
      if (judgement.again) await ports.outbox.publishLeftovers(requestId);
      return done(judgement.keep);
    }
    try {
      return done(await saveChange(judgement.change, ports));
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict') || round === rounds) throw error;
    }
  }
};
