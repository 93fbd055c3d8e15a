import { wholeSeconds } from '#core/instant.ts';
import { type AwsCall, AwsError, type Need } from '../service.ts';
import type { BusEvent } from './bus-event.ts';
import { putEventsContext } from './bus-policies.ts';
import { isObject } from './flatten.ts';
import { defaultBus } from './rules.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const mostEntries = 10;
const largestEntryBytes = 256 * 1024;
const largestRequestBytes = 1024 * 1024;

type Entry = Readonly<Record<string, unknown>>;

/** One answer per entry, in the order of the request. */
export type EntryResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

export type AcceptedEvent = { event: BusEvent; eventBusName: string };

const entriesOf = (call: AwsCall): readonly Entry[] => {
  const entries = call.input.Entries;
  const counted = Array.isArray(entries) ? entries.filter(isObject) : [];
  if (counted.length < 1 || counted.length > mostEntries) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${mostEntries}, inclusive`,
    );
  }
  return counted;
};

const textIn = (entry: Entry, key: string): string => {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
};

const arnOf = (call: AwsCall, entry: Entry): string => {
  const given = textIn(entry, 'EventBusName') || defaultBus;
  return given.startsWith('arn:') ? given : `arn:aws:events:${call.region}:${call.caller.accountId}:event-bus/${given}`;
};

/** As AWS counts an entry: 14 bytes for a time, and the UTF-8 length of its texts. */
const bytesOf = (entry: Entry): number =>
  (entry.Time === undefined ? 0 : 14) +
  ['Source', 'DetailType', 'Detail'].reduce((sum, key) => sum + Buffer.byteLength(textIn(entry, key)), 0) +
  resourcesOf(entry).reduce((sum, resource) => sum + Buffer.byteLength(resource), 0);

const resourcesOf = (entry: Entry): string[] =>
  Array.isArray(entry.Resources) ? entry.Resources.filter((resource) => typeof resource === 'string') : [];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const timeOf = (entry: Entry, atMs: number): string => {
  const { Time: time } = entry;
  const ms = typeof time === 'number' ? time * 1_000 : typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return wholeSeconds(Number.isFinite(ms) ? ms : atMs);
};

const missing = (name: string): EntryResult => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** What the caller needs: one permission per bus, with the sources and detail types it would put there. */
export const needsOfPutEvents = (call: AwsCall): Need[] => {
  const byBus = Map.groupBy(entriesOf(call), (entry) => arnOf(call, entry));
  return [...byBus].map(([resource, entries]) => ({
    action: 'events:PutEvents',
    resource,
    context: putEventsContext(
      entries.map((entry) => ({ source: textIn(entry, 'Source'), 'detail-type': textIn(entry, 'DetailType') })),
    ),
  }));
};

/** Judges every entry by itself, as the API does: a bad one fails alone. */
export const judgeEntries = (
  call: AwsCall,
  busNames: ReadonlySet<string>,
  newId: () => string,
): { results: EntryResult[]; accepted: AcceptedEvent[] } => {
  const entries = entriesOf(call);
  if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > largestRequestBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const accepted: AcceptedEvent[] = [];
  const results = entries.map((entry): EntryResult => {
    for (const name of ['Source', 'DetailType', 'Detail']) if (!textIn(entry, name)) return missing(name);
    const source = textIn(entry, 'Source');
    if (source.startsWith('aws.')) {
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    }
    if (bytesOf(entry) > largestEntryBytes) {
      return { ErrorCode: 'InvalidArgument', ErrorMessage: 'The entry is larger than 256 KB.' };
    }
    const detail = parsed(textIn(entry, 'Detail'));
    if (!isObject(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const arn = arnOf(call, entry);
    const [, , , , account, bus = ''] = arn.split(':');
    const eventBusName = bus.replace(/^event-bus\//, '');
    if (account !== call.caller.accountId || !busNames.has(eventBusName)) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${arn} does not exist.` };
    }
    const id = newId();
    accepted.push({
      eventBusName,
      event: {
        version: '0',
        id,
        'detail-type': textIn(entry, 'DetailType'),
        source,
        account: call.caller.accountId,
        time: timeOf(entry, call.atMs),
        region: call.region,
        resources: resourcesOf(entry),
        detail,
      },
    });
    return { EventId: id };
  });
  return { results, accepted };
};
