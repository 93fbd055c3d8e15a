import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOutbox } from '#adapters/aws/outbox.ts';
import type { DomainEvent } from '#events/events.ts';
import { startTable } from '#test/kit/table.ts';
import { type ModelClock, modelClock } from '#test/model/clock.ts';
import { memoryStores, type Stores } from './memory-stores.ts';
import { tableStores } from './table-stores.ts';

/** The stores with what surrounds them. */
export type Subject = Stores & { clock: ModelClock; onTheBus: DomainEvent[]; stop: () => Promise<void> };

export const inMemory = async (): Promise<Subject> => {
  const clock = modelClock();
  const onTheBus: DomainEvent[] = [];
  const stores = memoryStores(clock, (event) => void onTheBus.push(event));
  return { clock, onTheBus, ...stores, stop: async () => {} };
};

type Entry = { DetailType: string; Detail: string };

/** EventBridge as far as `PutEvents` is answered: it takes everything. */
const startBus = async (onTheBus: DomainEvent[]): Promise<Server> => {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { Entries } = JSON.parse(Buffer.concat(pieces).toString()) as { Entries: Entry[] };
      for (const { DetailType: name, Detail } of Entries) {
        onTheBus.push({ name, detail: JSON.parse(Detail) } as DomainEvent);
      }
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ Entries: Entries.map((_, index) => ({ EventId: `e${index}` })) }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
};

export const onDynamoDb = async (): Promise<Subject> => {
  const clock = modelClock();
  const { table, stop } = await startTable();
  const onTheBus: DomainEvent[] = [];
  const server = await startBus(onTheBus);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  return {
    clock,
    onTheBus,
    ...tableStores(table)(clock, () => {}),
    outbox: createOutbox(table, { name: 'daypass', config }, log, clock),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await stop();
    },
  };
};
