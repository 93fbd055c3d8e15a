import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOutbox } from '#adapters/aws/outbox.ts';
import { createReplyStore } from '#adapters/aws/reply-store.ts';
import type { DomainEvent } from '#events/events.ts';
import { turnableClock } from '#local/clock.ts';
import { startTable } from '#test/kit/table.ts';

/** A bus at the wire that refuses the entries of one detail-type, as PutEvents documents it. */
const published: string[] = [];
const refused = 'grant.ended';
const bus: Server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += String(chunk);
  });
  request.on('end', () => {
    const { Entries } = JSON.parse(text) as { Entries: { DetailType: string; Detail: string }[] };
    const answers = Entries.map(({ DetailType, Detail }) => {
      if (DetailType === refused) return { ErrorCode: 'InternalFailure', ErrorMessage: 'not today' };
      published.push((JSON.parse(Detail) as { eventId: string }).eventId);
      return { EventId: 'e' };
    });
    const FailedEntryCount = answers.filter((answer) => 'ErrorCode' in answer).length;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ FailedEntryCount, Entries: answers }));
  });
});

const clock = turnableClock();
let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
  await new Promise<void>((listening) => bus.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  await table.stop();
  bus.closeAllConnections();
  bus.close();
});

const event = (name: 'grant.ending' | 'grant.ended', index: number): DomainEvent => ({
  name,
  detail: {
    eventId: `R1.${String(index).padStart(2, '0')}`,
    at: '2026-11-22T10:00:00.000Z',
    requestId: 'R1',
    version: index,
    personId: 'alice',
    entitlementId: 'orders-admin',
    accountId: '222222222222',
    roleName: 'daypass-jit-orders-admin',
  },
});

it('one event that the bus refuses and one that nobody can read keep no other back, and are not lost', async () => {
  const lines: string[] = [];
  const note = (message: string): void => void lines.push(message);
  const config = {
    endpoint: `http://127.0.0.1:${(bus.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  };
  const outbox = createOutbox(table.table, { name: 'daypass', config }, { info: note, warn: note, error: note }, clock);
  await table.table.client.send(
    new PutCommand({ TableName: 'daypass', Item: { pk: 'OUTBOX', sk: 'R1.00', name: 'grant.ending', detail: {} } }),
  );
  await outbox.announce(
    Array.from({ length: 25 }, (_, index) => event(index === 3 ? refused : 'grant.ending', index + 1)),
  );
  expect(published).toHaveLength(24);
  expect(await outbox.publishLeftovers()).toBe(0);
  const { Items = [] } = await table.table.client.send(new ScanCommand({ TableName: 'daypass' }));
  expect(Items.map((item) => item.sk).sort()).toEqual(['R1.00', 'R1.04']);
  expect(lines).toContain('An event in the outbox cannot be read; it stays there.');
});

it('what is published while a Slack request is answered leaves the outbox with the write that keeps the answer', async () => {
  const config = {
    endpoint: `http://127.0.0.1:${(bus.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  };
  const { table: own, stop } = await startTable();
  const writes: string[] = [];
  own.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        writes.push((commandName ?? '').replace('Command', ''));
        return next(args);
      },
    { step: 'initialize', priority: 'low' },
  );
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const outbox = createOutbox(own, { name: 'daypass', config }, silent, clock);
  const replies = createReplyStore(own, clock);
  const kept = { status: 200, contentType: 'text/plain', body: '' };
  const left = async () =>
    (await own.client.send(new ScanCommand({ TableName: 'daypass' }))).Items?.map(({ sk }) => sk);

  await replies.claim('k', 15);
  await outbox.announce([event('grant.ending', 1)]);
  await replies.keep('k', kept);
  expect(writes).toEqual(['PutItem', 'PutItem', 'TransactWriteItems']);
  expect(await left()).toEqual(['REPLY']);

  // Nobody closes what runs for longer than its claim.
  await replies.claim('late', 15);
  await clock.turn(15_000);
  await outbox.announce([event('grant.ending', 2)]);
  expect(writes.at(-1)).toBe('DeleteItem');
  await stop();
});

it('what was published twice meanwhile leaves the outbox too', async () => {
  const config = {
    endpoint: `http://127.0.0.1:${(bus.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  };
  const { table: own, stop } = await startTable();
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const outbox = createOutbox(own, { name: 'daypass', config }, log, clock);
  const replies = createReplyStore(own, clock);
  await replies.claim('v0=1', 30);
  await outbox.announce([event('grant.ending', 1)]);
  expect(await outbox.publishLeftovers('R1')).toBe(1);
  await replies.keep('v0=1', { status: 200, contentType: 'application/json', body: '{}' });
  expect(await outbox.publishLeftovers('R1')).toBe(0);
  await stop();
});
