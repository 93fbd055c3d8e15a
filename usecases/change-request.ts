import type { Judgement } from '#core/judgement.ts';
import { done, notFound, type Outcome } from '#core/refusal.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { type Changed, change, publishing, type Store } from './change.ts';

export type ChangePorts = Pick<Ports, 'requests' | 'outbox'>;

type Judge<Answer> = (request: AccessRequest) => Judgement<AccessRequest, Change, Answer>;

export const requestsIn = ({
  requests,
  outbox,
}: ChangePorts): Store<AccessRequest | undefined, AccessRequest, Change> => ({
  read: (id) => requests.get(id),
  save: async (change) => (await publishing(requests.save, outbox)(change)).request,
  publishLeftovers: (id) => outbox.publishLeftovers(id),
});

export type Manner = {
  /** Nothing is saved or published: the request is returned as it is stored, or why nothing would come of it. */
  dryRun?: boolean;
  /** The request as the caller has just read or saved it, which saves the first look. */
  known?: AccessRequest | undefined;
};

/** Judges the request as it is stored and saves the change. Throws `StoreUnavailable`. */
export const judgeRequest = <Answer = never>(
  requestId: string,
  judge: Judge<Answer>,
  ports: ChangePorts,
  { dryRun = false, known }: Manner = {},
): Promise<Outcome<Changed<AccessRequest, Answer>>> =>
  change(
    requestsIn(ports),
    requestId,
    (request) => {
      if (!request) return notFound('request');
      const judgement = judge(request);
      if (!dryRun || 'ok' in judgement) return judgement;
      return 'keep' in judgement && judgement.already ? judgement.already : { keep: request };
    },
    known,
  );

/** The same where the judge has nothing to tell but the request, as it is stored then. */
export const changeRequest = async (
  requestId: string,
  judge: Judge<never>,
  ports: ChangePorts,
  manner?: Manner,
): Promise<Outcome<AccessRequest>> => {
  const outcome = await judgeRequest(requestId, judge, ports, manner);
  return outcome.ok ? done(outcome.value.state) : outcome;
};
