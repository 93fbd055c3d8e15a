import { EventBridgeClient, type EventBridgeClientConfig, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type DomainEvent, parseEvent } from '#events/registry.ts';
import type { Log } from '#ports/log.ts';
import type { Outbox } from '#ports/outbox.ts';
import { type Table, type TransactItems, unavailable } from './table.ts';

const partition = 'OUTBOX';

/** docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const entriesPerCall = 10;

const itemOf = (event: DomainEvent): Record<string, unknown> => ({
  pk: partition,
  sk: event.detail.eventId,
  name: event.name,
  detail: event.detail,
});

/** The part of a save's transaction that keeps its events until they were published. */
export const outboxItems = (table: Table, events: readonly DomainEvent[]): TransactItems =>
  events.map((event) => ({ Put: { TableName: table.name, Item: itemOf(event) } }));

const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

export const createOutbox = (
  table: Table,
  bus: { name: string; config: EventBridgeClientConfig },
  log: Log,
): Outbox => {
  const eventBridge = new EventBridgeClient(bus.config);

  const put = async (events: readonly DomainEvent[]): Promise<void> => {
    const answer = await eventBridge.send(
      new PutEventsCommand({
        Entries: events.map((event) => ({
          EventBusName: bus.name,
          Source: 'daypass',
          DetailType: event.name,
          Time: new Date(event.detail.at),
          Detail: JSON.stringify(event.detail),
        })),
      }),
    );
    if (answer.FailedEntryCount) throw new Error(`${answer.FailedEntryCount} events were not accepted by the bus.`);
  };

  const remove = (event: DomainEvent): Promise<unknown> =>
    table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk: partition, sk: event.detail.eventId } }));

  /** Whoever gets one twice knows it by its `eventId`, so a batch that half failed is simply published again. */
  const publish = async (events: readonly DomainEvent[]): Promise<void> => {
    try {
      for (const batch of inBatches(events, entriesPerCall)) {
        await put(batch);
        await Promise.all(batch.map(remove));
      }
    } catch (error) {
      log.warn('Events stay in the outbox; the sweeper will publish them.', {
        events: events.map((event) => event.detail.eventId),
        error: String(error),
      });
    }
  };

  return {
    publish,
    announce: async (events) => {
      const keep = (event: DomainEvent) =>
        table.client.send(new PutCommand({ TableName: table.name, Item: itemOf(event) }));
      await Promise.all(events.map(keep)).catch(unavailable('The outbox'));
      await publish(events);
    },
    publishLeftovers: async () => {
      const { Items = [] } = await table.client
        .send(
          new QueryCommand({
            TableName: table.name,
            KeyConditionExpression: 'pk = :outbox',
            ExpressionAttributeValues: { ':outbox': partition },
            ConsistentRead: true,
            Limit: 500,
          }),
        )
        .catch(unavailable('The outbox'));
      const events = Items.map((item) => parseEvent(String(item.name), item.detail)).filter(
        (event) => event !== undefined,
      );
      await publish(events);
      return events.length;
    },
  };
};
