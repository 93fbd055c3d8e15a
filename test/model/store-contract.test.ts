import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createOutbox } from '#adapters/aws/outbox.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { createTaskTokens } from '#adapters/aws/task-tokens.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { approve, deny } from '#core/request/answer.ts';
import { activate } from '#core/request/grant.ts';
import type { RequestIn } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import type { DomainEvent } from '#events/registry.ts';
import type { Ports } from '#ports/ports.ts';
import { startTable } from '#test/adapters/aws/table-for-tests.ts';
import { type ModelClock, modelClock } from './clock.ts';
import { memoryLedgers } from './stores/ledgers.ts';
import { emptyMemory } from './stores/memory.ts';
import { memoryOutbox } from './stores/outbox.ts';
import { memoryRequests } from './stores/requests.ts';
import { memoryTaskTokens } from './stores/task-tokens.ts';

type Stores = Pick<Ports, 'requests' | 'ledgers' | 'taskTokens' | 'outbox'>;

type Subject = Stores & { clock: ModelClock; onTheBus: DomainEvent[]; stop: () => Promise<void> };

const inMemory = async (): Promise<Subject> => {
  const clock = modelClock();
  const memory = emptyMemory();
  const onTheBus: DomainEvent[] = [];
  return {
    clock,
    onTheBus,
    requests: memoryRequests(memory),
    ledgers: memoryLedgers(memory, clock),
    taskTokens: memoryTaskTokens(memory),
    outbox: memoryOutbox(memory, (event) => void onTheBus.push(event)),
    stop: async () => {},
  };
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

const onDynamoDb = async (): Promise<Subject> => {
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
    requests: createRequestStore(table),
    ledgers: createLedgerStore(table, clock),
    taskTokens: createTaskTokens(table, clock),
    outbox: createOutbox(table, { name: 'daypass', config }, log),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await stop();
    },
  };
};

describe.each([
  ['in memory, as the model has them', inMemory],
  ['on the embedded DynamoDB', onDynamoDb],
])('the stores %s', (_, open) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await open();
  });
  afterAll(() => subject.stop());

  let count = 0;
  const nextId = (): string => `01JD8QSTORE${String(++count).padStart(15, '0')}`;
  const at = '2026-11-22T10:00:00.000Z';
  const submitted = (id: string, personId = 'alice') =>
    submit({
      id,
      ask: { personId, entitlementId: 'orders-admin', durationSec: 60, reason: 'fixing INC-42' },
      decision: {
        verdict: 'needs-approval',
        policyDigest: 'd',
        trace: [],
        count: 1,
        approvers: ['bob'],
        groups: ['leads'],
      },
      accountId: '222222222222',
      roleName: 'daypass-jit-orders-admin',
      at,
      lapsesAt: '2026-11-23T10:00:00.000Z',
    });
  const yes = { personId: 'bob', verdict: 'approve', at } as const;

  describe('requests', () => {
    it('give back what was saved, as a copy, without members that are undefined', async () => {
      const { requests } = subject;
      const change = submitted(nextId());
      const { ticket: _none, ...expected } = { ...change.request, ticket: undefined };
      await requests.save({ ...change, request: { ...expected, ticket: undefined } as never });
      const first = await requests.get(change.request.id);
      expect(first).toStrictEqual(expected);
      (first as { personId: string }).personId = 'mallory';
      expect(await requests.get(change.request.id)).toStrictEqual(expected);
    });

    it('refuse a version that does not follow the stored one, and write nothing of that change', async () => {
      const { requests, outbox, onTheBus } = subject;
      const change = submitted(nextId());
      await requests.save(change);
      const approved = approve(change.request as RequestIn<'pending'>, yes, true);
      const denied = deny(change.request as RequestIn<'pending'>, {
        personId: 'carol',
        verdict: 'deny',
        at,
        reason: 'no',
      });
      await requests.save(approved);
      await expect(requests.save(denied)).rejects.toMatchObject({ name: 'VersionConflict' });
      await expect(requests.save(change)).rejects.toMatchObject({ name: 'VersionConflict' });
      const later = activate(approved.request as RequestIn<'approved'>, at);
      const skipping = { ...later, request: { ...later.request, version: 9 } };
      await expect(requests.save(skipping)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await requests.get(change.request.id)).toStrictEqual(approved.request);
      expect(await requests.audit(change.request.id)).toEqual([change.audit, approved.audit]);
      onTheBus.length = 0;
      await outbox.publishLeftovers();
      const named = onTheBus.filter(({ detail }) => detail.eventId.startsWith(change.request.id));
      expect(named.map(({ name }) => name)).toEqual(['request.submitted', 'request.approved']);
    });

    it('refuse a first version where the id is taken', async () => {
      const { requests } = subject;
      const id = nextId();
      await requests.save(submitted(id));
      await expect(requests.save(submitted(id, 'bob'))).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await requests.get(id)).toMatchObject({ personId: 'alice' });
    });

    it('are found by their status as long as they are open, and by their person newest first', async () => {
      const { requests } = subject;
      const [older, newer] = [nextId(), nextId()];
      const change = submitted(older, 'dave');
      await requests.save(change);
      await requests.save(submitted(newer, 'dave'));
      const of = async (status: 'pending' | 'approved') =>
        (await requests.withStatus(status)).filter(({ personId }) => personId === 'dave').map(({ id }) => id);
      expect(await of('pending')).toEqual([newer, older]);
      await requests.save(approve(change.request as RequestIn<'pending'>, yes, true));
      expect(await of('pending')).toEqual([newer]);
      expect(await of('approved')).toEqual([older]);
      expect((await requests.ofPerson('dave')).map(({ id }) => id)).toEqual([newer, older]);
      expect((await requests.ofPerson('dave', 1)).map(({ id }) => id)).toEqual([newer]);
      expect(await requests.get('01JD8QABSENT000000000000000')).toBeUndefined();
      expect(await requests.audit('01JD8QABSENT000000000000000')).toEqual([]);
    });
  });

  describe('ledgers', () => {
    const entry = { grantId: '01JD8QGRANT', revokedAt: at, coversUntil: '2026-11-22T11:00:00.000Z' };

    it('are empty, version 0, where there is none yet, and take one version after the other', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-a';
      expect(await ledgers.get(role)).toStrictEqual(emptyLedger(role));
      const first = { ...emptyLedger(role), version: 1, entriesVersion: 1, entries: [entry] };
      await ledgers.save(first);
      await expect(ledgers.save(first)).rejects.toMatchObject({ name: 'VersionConflict' });
      await expect(ledgers.save({ ...first, version: 3 })).rejects.toMatchObject({ name: 'VersionConflict' });
      await ledgers.save({ ...first, version: 2, appliedVersion: 1 });
      expect(await ledgers.get(role)).toStrictEqual({ ...first, version: 2, appliedVersion: 1 });
    });

    it('have one writer at a time, with a greater fencing number each time', async () => {
      const { ledgers } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-b';
      const first = await ledgers.acquire(role, 30);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
      await ledgers.release(role, first);
      const second = await ledgers.acquire(role, 30);
      expect(second).toBeGreaterThan(first);
      await ledgers.release(role, first);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
    });

    it('give the role to the next one when the lease has run out, to the millisecond', async () => {
      const { ledgers, clock } = subject;
      const role = 'arn:aws:iam::222222222222:role/daypass-jit-c';
      const first = await ledgers.acquire(role, 30);
      clock.turn(29_999);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
      clock.turn(1);
      const second = await ledgers.acquire(role, 30);
      expect(second).toBe(first + 1);
      await ledgers.release(role, first);
      await expect(ledgers.acquire(role, 30)).rejects.toMatchObject({ name: 'RoleBusy' });
    });
  });

  it('keep the newest task token of each gate of each execution', async () => {
    const { taskTokens } = subject;
    const name = nextId();
    expect(await taskTokens.find(name, 'AwaitEnd')).toBeUndefined();
    await taskTokens.keep(name, 'AwaitEnd', 'first');
    await taskTokens.keep(name, 'AwaitEnd', 'second');
    await taskTokens.keep(name, 'AwaitApproval', 'other');
    expect(await taskTokens.find(name, 'AwaitEnd')).toBe('second');
    expect(await taskTokens.find(name, 'AwaitApproval')).toBe('other');
  });

  it('publish what a save left behind once, and what was published no more', async () => {
    const { requests, outbox, onTheBus } = subject;
    await outbox.publishLeftovers();
    const change = submitted(nextId());
    await requests.save(change);
    onTheBus.length = 0;
    expect(await outbox.publishLeftovers()).toBe(1);
    expect(await outbox.publishLeftovers()).toBe(0);
    expect(onTheBus).toStrictEqual(change.events);
    const next = approve(change.request as RequestIn<'pending'>, yes, true);
    await requests.save(next);
    await outbox.publish(next.events);
    expect(await outbox.publishLeftovers()).toBe(0);
    expect(onTheBus).toStrictEqual([...change.events, ...next.events]);
  });
});
