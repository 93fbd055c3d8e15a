import { wholeSeconds } from '#core/instant.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { Found, Place } from './lookup.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string | undefined): Json | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * CloudTrail's `eventType` as EventBridge words it:
 * docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
const detailTypes: Readonly<Record<string, string>> = {
  AwsApiCall: 'AWS API Call via CloudTrail',
  AwsServiceEvent: 'AWS Service Event via CloudTrail',
  AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
  AwsConsoleAction: 'AWS Console Action via CloudTrail',
};

/**
 * Without the session token (and any secret key): AWS's own record of AssumeRole holds the token, and whatever is put
 * on the bus is written to disk.
 */
const withoutSecrets = (record: Json): Json => {
  const { responseElements } = record;
  if (!isObject(responseElements) || !isObject(responseElements.credentials)) return record;
  const { sessionToken: _token, secretAccessKey: _secret, ...credentials } = responseElements.credentials;
  return { ...record, responseElements: { ...responseElements, credentials } };
};

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** What EventBridge would have delivered for this record; undefined where the record cannot be read. */
export const busEventOf = (found: Found, { accountId, region }: Place): BusEvent | undefined => {
  const record = parsed(found.record);
  if (!record) return undefined;
  const source = textOr(record.eventSource, '').replace(/\.amazonaws\.com$/, '');
  return {
    version: '0',
    id: found.id,
    'detail-type': detailTypes[textOr(record.eventType, '')] ?? 'AWS API Call via CloudTrail',
    source: `aws.${source}`,
    account: textOr(record.recipientAccountId, accountId),
    time: textOr(record.eventTime, wholeSeconds(found.atMs)),
    region: textOr(record.awsRegion, region),
    resources: [],
    detail: withoutSecrets(record),
  };
};
