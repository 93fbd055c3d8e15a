import type { DatabaseSync } from 'node:sqlite';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { LocalClock } from '#local/clock.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { Ports } from '#ports/ports.ts';
import { createEndedSessions } from './ended-sessions.ts';
import type { LookUp, Place, Query } from './lookup.ts';
import { createMarks } from './marks.ts';
import { createPoller, type Poller } from './poller.ts';

/** What `events/rules` watch, as LookupEvents can be asked for it. */
const assumptions: readonly Query[] = ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'].map(
  (value) => ({ key: 'EventName', value }),
);
/** IAM's events are in us-east-1 alone: docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const roleChanges: Query = { key: 'EventSource', value: 'iam.amazonaws.com' };

/**
 * Brings what happened in the accounts of the policy onto the bus, where the rules take it as they take EventBridge's.
 */
export const watchTrail = (deps: {
  /** The bus's own database. */
  db: DatabaseSync;
  clock: LocalClock;
  lookUp: LookUp;
  put: (event: BusEvent) => void;
  policy: PolicySource;
  ports: Pick<Ports, 'requests' | 'sessions' | 'ledgers'>;
  regions: readonly string[];
  everySec: number;
  log: Log;
}): Poller => {
  const { db, clock, lookUp, put, policy, ports, regions, everySec, log } = deps;
  const sessionsIn = createEndedSessions({ ...ports, policy, clock, everySec });
  return createPoller({
    clock,
    lookUp,
    put,
    log,
    everySec,
    marks: createMarks(db),
    placesOf: async () =>
      (await policy.current()).accounts.flatMap(({ id }) =>
        regions.map((region): Place => ({ accountId: id, region })),
      ),
    queriesOf: async ({ accountId, region }, fromMs) => [
      ...assumptions,
      ...(region === 'us-east-1' ? [roleChanges] : []),
      ...(await sessionsIn(accountId, fromMs)),
    ],
  });
};
