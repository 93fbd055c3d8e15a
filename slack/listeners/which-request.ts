import { done, notFound, type Outcome, refuse } from '#core/refusal.ts';
import { isUlid } from '#core/ulid.ts';
import type { Ports } from '#ports/ports.ts';
import type { OpenStatus } from '#ports/request-store.ts';
import { openRequestsOf } from '#usecases/ask/open-requests.ts';

type Which = 'live' | 'waiting';

const wanted: Readonly<Record<Which, readonly OpenStatus[]>> = {
  live: ['active'],
  waiting: ['pending', 'approved'],
};

/** The request somebody means by its id or, where they gave none, by having only one of the kind. */
export const requestMeant = async (
  id: string | undefined,
  personId: string,
  which: Which,
  ports: Pick<Ports, 'clock' | 'policy' | 'requests'>,
  /** What is typed for the one that is meant. */
  command = which === 'live' ? 'done' : 'cancel',
): Promise<Outcome<string>> => {
  if (id !== undefined) return isUlid(id) ? done(id) : notFound('request');
  const [only, ...others] = await openRequestsOf({ personId, statuses: wanted[which] }, ports);
  if (!only) {
    const what = which === 'live' ? 'no live grant' : 'no request that waits';
    return refuse('not-found', `You have ${what}.`, 'See /access list.');
  }
  if (others.length > 0) {
    const commands = [only, ...others]
      .slice(0, 10)
      .map((request) => `/access ${command} ${request.id} (${request.entitlementId})`);
    return refuse('invalid-input', 'You have several; say which one you mean.', commands.join('\n'));
  }
  return done(only.id);
};
