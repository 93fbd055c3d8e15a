import { EventBridgeClient, type EventBridgeClientConfig, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type DomainEvent, parseEvent } from '#events/events.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Outbox } from '#ports/outbox.ts';
import { leaveToClosing } from './closing-writes.ts';
import { type Item, pagesOf, type Table, type TransactItems, unavailable } from './table.ts';

const partition = 'OUTBOX';

/** docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const entriesPerCall = 10;

const itemOf = (event: DomainEvent): Item => ({
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
  clock: Clock,
): Outbox => {
  const eventBridge = new EventBridgeClient(bus.config);

  /** Returns the events that the bus took. */
  const put = async (events: readonly DomainEvent[]): Promise<DomainEvent[]> => {
    const { Entries = [] } = await eventBridge.send(
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
    return events.filter((_, index) => Entries[index]?.EventId !== undefined);
  };

  /** An event that stays although it is out is published once more by the sweeper, and nobody minds. */
  const remove = async (events: readonly DomainEvent[]): Promise<void> => {
    const keys = events.map(({ detail }) => ({ pk: partition, sk: detail.eventId }));
    if (leaveToClosing(table, keys, clock.nowMs())) return;
    await Promise.all(keys.map((Key) => table.client.send(new DeleteCommand({ TableName: table.name, Key }))));
  };

  /**
   * Whoever gets one twice knows it by its `eventId`. One batch's trouble does not keep the others. Returns how many
   * are out.
   */
  const publishAll = async (events: readonly DomainEvent[]): Promise<number> => {
    let count = 0;
    for (const batch of inBatches(events, entriesPerCall)) {
      try {
        const taken = await put(batch);
        await remove(taken);
        count += taken.length;
        if (taken.length < batch.length) throw new Error(`The bus refused ${batch.length - taken.length} of them.`);
      } catch (error) {
        log.warn('Events stay in the outbox; the sweeper will publish them.', {
          events: batch.map((event) => event.detail.eventId),
          error: String(error),
        });
      }
    }
    return count;
  };

  const publish = async (events: readonly DomainEvent[]): Promise<void> => void (await publishAll(events));

  /** What an item holds; undefined for one that this version cannot read, which stays for one that can. */
  const eventIn = (item: Item): DomainEvent | undefined => {
    try {
      const event = parseEvent(String(item.name), item.detail);
      if (event) return event;
    } catch {
      // Said below.
    }
    log.error('An event in the outbox cannot be read; it stays there.', { event: item.sk, name: item.name });
    return undefined;
  };

  return {
    publish,
    announce: async (events) => {
      const keep = (event: DomainEvent) =>
        table.client.send(new PutCommand({ TableName: table.name, Item: itemOf(event) }));
      await Promise.all(events.map(keep)).catch(unavailable('The outbox'));
      await publish(events);
    },
    publishLeftovers: async (id) => {
      // An event's id is that of what it is about, and a version.
      const leftovers = pagesOf(table, 'The outbox', {
        KeyConditionExpression: id === undefined ? 'pk = :outbox' : 'pk = :outbox AND begins_with(sk, :of)',
        ExpressionAttributeValues: { ':outbox': partition, ...(id !== undefined && { ':of': `${id}.` }) },
        ConsistentRead: true,
      });
      let published = 0;
      for await (const page of leftovers) {
        published += await publishAll(page.map(eventIn).filter((event) => event !== undefined));
      }
      return published;
    },
  };
};
