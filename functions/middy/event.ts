import middy from '@middy/core';
import type { Context, EventBridgeEvent, SQSEvent } from 'aws-lambda';
import { type DomainEvent, parseEvent } from '#events/events.ts';

export type BusEvent = EventBridgeEvent<string, unknown>;

/**
 * Lambda's note about an event that the function failed on:
 * docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
type FailedEvent = { requestPayload: BusEvent };

/**
 * The event as a rule hands it over, or once more from the queue of those that the function failed on, one at a time.
 */
const eventIn = (input: BusEvent | SQSEvent): BusEvent => {
  if (!('Records' in input)) return input;
  const [record, ...others] = input.Records;
  if (!record || others.length > 0) {
    throw new TypeError(
      `The queue handed over ${input.Records.length} events; it takes them one at a time (BatchSize 1).`,
    );
  }
  return (JSON.parse(record.body) as FailedEvent).requestPayload;
};

/**
 * The stack of a function that an EventBridge rule feeds with anything. An error makes the event come again: twice
 * within minutes, then every five minutes for a day (`deploy/hub/failed-events.ts`).
 */
export const busHandler = (
  run: (event: BusEvent) => Promise<void>,
): ((event: BusEvent | SQSEvent, context: Context) => Promise<void>) => {
  const stack = middy<BusEvent | SQSEvent, void>({ timeoutEarlyInMillis: 500 }).handler((input) => run(eventIn(input)));
  return (event, context) => stack(event, context) as Promise<void>;
};

/**
 * The stack of a function that is fed with domain events. An event of a name that is not ours is a mistake in a rule.
 */
export const eventHandler = (run: (event: DomainEvent) => Promise<void>): ReturnType<typeof busHandler> =>
  busHandler((event) => {
    const parsed = parseEvent(event['detail-type'], event.detail);
    if (!parsed) throw new TypeError(`A rule sent ${event['detail-type']}, which is not a domain event of Daypass.`);
    return run(parsed);
  });
