import middy from '@middy/core';
import type { Context, EventBridgeEvent } from 'aws-lambda';
import { type DomainEvent, parseEvent } from '#events/registry.ts';

export type BusEvent = EventBridgeEvent<string, unknown>;

/** The stack of a function that an EventBridge rule feeds with anything. An error makes EventBridge deliver again. */
export const busHandler = (
  run: (event: BusEvent) => Promise<void>,
): ((event: BusEvent, context: Context) => Promise<void>) => {
  const stack = middy<BusEvent, void>({ timeoutEarlyInMillis: 500 }).handler((event) => run(event));
  return (event, context) => stack(event, context) as Promise<void>;
};

/** The stack of a function that is fed with domain events. An event of a name that is not ours is a mistake in a rule. */
export const eventHandler = (run: (event: DomainEvent) => Promise<void>): ReturnType<typeof busHandler> =>
  busHandler((event) => {
    const parsed = parseEvent(event['detail-type'], event.detail);
    if (!parsed) throw new TypeError(`A rule sent ${event['detail-type']}, which is not a domain event of Daypass.`);
    return run(parsed);
  });
