import { createHash } from 'node:crypto';
import type { Clock } from '#ports/clock.ts';
import { type AwsCall, AwsError, type AwsService } from '../service.ts';
import { isLookupAttribute, type Kept, type Position, type TrailStore } from './trail-store.ts';

/** How long an event can be looked up. */
export const retentionMs = 90 * 24 * 3_600_000;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const mostResults = 50;
const callsPerSecond = 2;

type Attribute = { key: string; value: string };

const attributeOf = (input: AwsCall['input']): Attribute | undefined => {
  const given = input.LookupAttributes;
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return undefined;
  const [one, ...more]: readonly unknown[] = Array.isArray(given) ? given : [];
  const { AttributeKey: key, AttributeValue: value } = (one ?? {}) as Readonly<Record<string, unknown>>;
  if (more.length > 0 || typeof key !== 'string' || typeof value !== 'string' || !isLookupAttribute(key)) {
    throw new AwsError(
      'InvalidLookupAttributesException',
      more.length > 0
        ? 'You can only specify one lookup attribute.'
        : `The lookup attribute ${String(key)} is invalid.`,
    );
  }
  return { key, value: key === 'ReadOnly' ? value.toLowerCase() : value };
};

/** Seconds since the epoch, as the JSON protocol carries a time. */
const timeOf = (value: unknown, otherwiseMs: number): number => {
  if (value === undefined || value === null) return otherwiseMs;
  const ms = typeof value === 'number' ? value * 1_000 : Date.parse(String(value));
  if (Number.isNaN(ms)) throw new AwsError('InvalidTimeRangeException', 'The timestamp is not valid.');
  return ms;
};

const limitOf = (value: unknown): number => {
  if (value === undefined || value === null) return mostResults;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostResults) return value;
  throw new AwsError('InvalidMaxResultsException', `MaxResults must be from 1 to ${mostResults}.`);
};

const badToken = (): AwsError =>
  new AwsError(
    'InvalidNextTokenException',
    'The token is invalid, or it was issued for a request with other parameters.',
  );

/** A token holds where to go on and a digest of the request that it goes on with. */
const positionOf = (token: unknown, request: string): Position | undefined => {
  if (token === undefined || token === null) return undefined;
  const [atMs, seq, of] = Buffer.from(String(token), 'base64url').toString().split('.');
  if (of !== request || !/^\d+$/.test(`${atMs}${seq}`)) throw badToken();
  return { atMs: Number(atMs), seq: Number(seq) };
};
const tokenOf = ({ atMs, seq }: Position, request: string): string =>
  Buffer.from(`${atMs}.${seq}.${request}`).toString('base64url');

const eventOf = ({ record, username, resources, atMs }: Kept): Record<string, unknown> => ({
  EventId: record.eventID,
  EventName: record.eventName,
  ReadOnly: String(record.readOnly),
  ...('accessKeyId' in record.userIdentity ? { AccessKeyId: record.userIdentity.accessKeyId } : {}),
  EventTime: Math.floor(atMs / 1_000),
  EventSource: record.eventSource,
  ...(username === undefined ? {} : { Username: username }),
  Resources: resources,
  CloudTrailEvent: JSON.stringify(record),
});

/** Two calls a second per account and region, as AWS allows. Sees the time in whole seconds. */
const createThrottle = (): ((call: AwsCall) => void) => {
  const seen = new Map<string, { second: number; calls: number }>();
  return ({ caller, region, atMs }) => {
    const key = `${caller.accountId}/${region}`;
    const second = Math.floor(atMs / 1_000);
    const last = seen.get(key);
    const calls = last?.second === second ? last.calls + 1 : 1;
    seen.set(key, { second, calls });
    if (calls > callsPerSecond) throw new AwsError('ThrottlingException', 'Rate exceeded');
  };
};

/** `LookupEvents` over the caller's own account and region: management events of the last 90 days, newest first. */
export const lookupEventsService = (deps: { store: TrailStore; clock: Clock; throttle: boolean }): AwsService => {
  const throttle = deps.throttle ? createThrottle() : () => {};
  return {
    needs: ({ action }) => [{ action: `cloudtrail:${action}`, resource: '*' }],
    handle: async (call) => {
      if (call.action !== 'LookupEvents') {
        throw new AwsError(
          'UnsupportedOperationException',
          `The embedded CloudTrail does not do ${call.action}. It records every call by itself.`,
        );
      }
      throttle(call);
      const { input, caller, region } = call;
      const attribute = attributeOf(input);
      const nowMs = deps.clock.nowMs();
      const sinceMs = timeOf(input.StartTime, 0);
      const untilMs = timeOf(input.EndTime, nowMs);
      if (sinceMs > untilMs) {
        throw new AwsError('InvalidTimeRangeException', 'The start time is after the end time.');
      }
      const limit = limitOf(input.MaxResults);
      const asked = [caller.accountId, region, attribute ?? null, input.StartTime ?? null, input.EndTime ?? null];
      const request = createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 16);
      const behind = positionOf(input.NextToken, request);
      const found = deps.store.lookUp({
        accountId: caller.accountId,
        region,
        sinceMs: Math.max(sinceMs, nowMs - retentionMs),
        untilMs,
        limit: limit + 1,
        ...(attribute ? { attribute } : {}),
        ...(behind ? { behind } : {}),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        Events: page.map(eventOf),
        ...(found.length > limit && last ? { NextToken: tokenOf(last, request) } : {}),
      };
    },
  };
};
