import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { AwsConfig } from '#adapters/runtime.ts';

/** One account's event history in one region: what LookupEvents can see at a time. */
export type Place = { accountId: string; region: string };

/**
 * LookupEvents takes one attribute a call:
 * docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupAttribute.html
 */
export type Query = { key: 'EventName' | 'EventSource' | 'Username'; value: string };

/** Both ends belong to it; CloudTrail counts whole seconds. */
export type Window = { fromMs: number; toMs: number };

/** `record` is the CloudTrail record as JSON text, absent where CloudTrail left it out. */
export type Found = { id: string; atMs: number; record?: string };
/** Newest first. */
export type Page = { found: readonly Found[]; nextToken?: string };

/** One call of LookupEvents. Rejects with what the service answered. */
export type LookUp = (place: Place, query: Query, window: Window, nextToken?: string) => Promise<Page>;

const throttlings: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
]);

/** Whether AWS asks to slow down, and nothing is wrong. */
export const isThrottling = (error: unknown): boolean => error instanceof Error && throttlings.has(error.name);

const foundIn = ({ EventId, EventTime, CloudTrailEvent }: Event): Found[] =>
  EventId === undefined
    ? []
    : [
        {
          id: EventId,
          atMs: EventTime?.getTime() ?? 0,
          ...(CloudTrailEvent !== undefined && { record: CloudTrailEvent }),
        },
      ];

/**
 * `credentialsOf` gives the credentials that may look into an account's history; undefined for those of the
 * environment.
 */
export const createLookUp = (credentialsOf: (accountId: string) => AwsConfig['credentials']): LookUp => {
  const clients = new Map<string, CloudTrailClient>();
  const clientOf = ({ accountId, region }: Place): CloudTrailClient => {
    const key = `${accountId}/${region}`;
    const credentials = credentialsOf(accountId);
    const client =
      clients.get(key) ??
      new CloudTrailClient({
        region,
        ...(credentials && { credentials }),
        // The poller's own pace must hold: the SDK's retries would be calls that it did not count.
        maxAttempts: 1,
        requestHandler: { requestTimeout: 20_000, connectionTimeout: 5_000 },
      });
    clients.set(key, client);
    return client;
  };
  return async (place, { key, value }, { fromMs, toMs }, nextToken) => {
    const answer = await clientOf(place).send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: key, AttributeValue: value }],
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        ...(nextToken !== undefined && { NextToken: nextToken }),
      }),
    );
    return {
      found: (answer.Events ?? []).flatMap(foundIn),
      ...(answer.NextToken !== undefined && { nextToken: answer.NextToken }),
    };
  };
};
