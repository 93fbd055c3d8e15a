import type { DomainEvent } from '#events/events.ts';
import type { Outbox } from '#ports/outbox.ts';
import { copy, type Memory } from './memory.ts';

/**
 * What `adapters/aws/outbox.ts` is on DynamoDB and EventBridge; `put` is the bus. `test/contract/stores.test.ts` holds
 * the two to the same.
 */
export const memoryOutbox = ({ outbox }: Memory, put: (event: DomainEvent) => void): Outbox => {
  const publish = async (events: readonly DomainEvent[]): Promise<void> => {
    for (const event of events) {
      put(copy(event));
      outbox.delete(event.detail.eventId);
    }
  };
  return {
    publish,
    announce: async (events) => {
      for (const event of events) outbox.set(event.detail.eventId, copy(event));
      await publish(events);
    },
    publishLeftovers: async (id) => {
      const leftovers = [...outbox.values()].filter(
        ({ detail }) => id === undefined || detail.eventId.startsWith(`${id}.`),
      );
      await publish(leftovers);
      return leftovers.length;
    },
  };
};
