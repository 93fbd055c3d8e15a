import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isOwnRoleName } from '#core/aws-role.ts';
import type { Clock } from '#ports/clock.ts';
import type { BusEvent } from '../events/bus-event.ts';
import type { AwsService } from '../service.ts';
import { isDataEvent } from './data-events.ts';
import { lookupEventsService, retentionMs } from './lookup-events.ts';
import { type CloudTrailRecord, type RecordableCall, recordsOf } from './record.ts';
import { resourceNamesOf } from './resources.ts';
import { createTrailStore } from './trail-store.ts';
import { createTrails } from './trails.ts';

export type CloudTrail = {
  /** Records an answered call, refused ones too; on disk a moment later. */
  completed(call: RecordableCall): void;
  /** `LookupEvents`, and what of the API is about trails, for the endpoint. */
  service: AwsService;
  /**
   * The newest records of every account and region, data events included; of the hub's own ones, those of this process.
   */
  recent(limit: number): CloudTrailRecord[];
  /** Writes down what was recorded and is not written yet: before the database is closed. */
  flush(): void;
};

const pruneEveryMs = 3_600_000;
/** A busy stack makes more in 90 days than a laptop should hold: some 300,000 calls. */
const mostBytes = 500_000_000;
/** CloudTrail does not send larger ones to EventBridge. */
const largestEvent = 256 * 1_024;

/** Who LookupEvents says it was: the user, or the session's name. */
const usernameOf = ({ userIdentity }: CloudTrailRecord): string | undefined => {
  if (userIdentity.type === 'IAMUser') return userIdentity.userName;
  return userIdentity.type === 'AssumedRole' ? userIdentity.arn.split('/').at(-1) : undefined;
};

const chatter: ReadonlySet<string> = new Set(['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat', 'PutEvents']);

/**
 * The hub's own machinery at work, which no rule watches: its table reads and writes, and its functions' answers and
 * publications. Sent on, each of them would cost a match and, where a rule took it, another event without end. A trail
 * in AWS selects the data events that it logs in the same way.
 */
const isOwnChatter = (call: RecordableCall, hubAccountId: string): boolean => {
  const { caller, service, action } = call;
  if (caller.accountId !== hubAccountId) return false;
  if (service === 'dynamodb') return isDataEvent(call);
  return caller.kind === 'session' && isOwnRoleName(caller.session.roleName) && chatter.has(action);
};

const eventOf = (record: CloudTrailRecord, id: string): BusEvent => ({
  version: '0',
  id,
  'detail-type': 'AWS API Call via CloudTrail',
  source: `aws.${record.eventSource.replace('.amazonaws.com', '')}`,
  account: record.recipientAccountId,
  time: record.eventTime,
  region: record.awsRegion,
  resources: [],
  detail: record,
});

/** The trail of every account of the embedded stack: each call is sent to EventBridge, and kept while there is room. */
export const createCloudTrail = (deps: {
  db: DatabaseSync;
  clock: Clock;
  /** EventBridge's `put`. */
  deliver: (event: BusEvent) => void;
  hubAccountId?: string;
  /** Whether LookupEvents is held to two calls a second. */
  throttle?: boolean;
  newId?: () => string;
  /** How much of records is kept, in bytes: beyond it the oldest go before they are 90 days old. */
  mostBytes?: number;
}): CloudTrail => {
  const { db, clock, deliver, hubAccountId = '111111111111', throttle = false, newId = randomUUID } = deps;
  const store = createTrailStore(db, deps.mostBytes ?? mostBytes);
  const trails = createTrails(db);
  const lookups = lookupEventsService({ store, clock, throttle });
  const serviceOf = (action: string): AwsService => (trails.isTrailAction(action) ? trails.service : lookups);
  let pruneAtMs = 0;
  const pruneIfDue = (): void => {
    const nowMs = clock.nowMs();
    if (nowMs < pruneAtMs) return;
    pruneAtMs = nowMs + pruneEveryMs;
    store.prune(nowMs - retentionMs);
  };
  return {
    completed: (call) => {
      pruneIfDue();
      const isChatter = isOwnChatter(call, hubAccountId);
      // Nearly all that there is, and LookupEvents never shows it: the newest of them are enough, for who looks at the
      // machinery.
      if (isChatter && isDataEvent(call)) return store.keepInMind(call.atMs, () => recordsOf(call, newId));
      const resources = resourceNamesOf(call);
      for (const record of recordsOf(call, newId)) {
        // Sent before it is kept: a process that dies between the two loses a line of history and not an alarm.
        if (!isChatter && trails.isLogging(record.recipientAccountId)) {
          const event = eventOf(record, newId());
          if (JSON.stringify(event).length <= largestEvent) deliver(event);
        }
        const username = usernameOf(record);
        store.keep({ atMs: call.atMs, record, resources, ...(username === undefined ? {} : { username }) });
      }
    },
    service: {
      needs: (call) => serviceOf(call.action).needs(call),
      handle: (call) => serviceOf(call.action).handle(call),
    },
    recent: store.newest,
    flush: store.flush,
  };
};
