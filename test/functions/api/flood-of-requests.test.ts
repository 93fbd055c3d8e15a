import { BatchWriteCommand, GetCommand, type NativeAttributeValue } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAnswer, mostAnswered } from '#slack/render/list-answer.ts';
import { previewLines } from '#slack/render/lockdown-modals.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { tableStores } from '#test/kit/stores/table-stores.ts';
import { startTable } from '#test/kit/table.ts';
import { openWorld, type World } from '#test/kit/world.ts';
import { listRequests } from '#usecases/ask/list-requests.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { previewLockdown } from '#usecases/lockdown/preview-lockdown.ts';
import { type Call, caller, logIn } from './call.ts';

const flood = 7_500;
const policy = samplePolicy();

/** Oldest first. */
const ids: string[] = [];
let world: World;
let call: Call;
let stop: () => Promise<void>;
/** What the database answered since the last look. */
const read = { calls: 0, items: 0, bytes: 0 };
const sinceLast = (): typeof read => {
  const seen = { ...read };
  Object.assign(read, { calls: 0, items: 0, bytes: 0 });
  return seen;
};

type Item = Record<string, NativeAttributeValue>;

const ask = async (personId: string): Promise<string> => {
  const requestId = world.ports.ids.ulid();
  const submission = { requestId, personId, entitlementId: 'orders-admin', durationSec: 600, reason: 'fixing INC-42' };
  const outcome = await submitRequest(submission, world.ports);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return requestId;
};

beforeAll(async () => {
  const { table, stop: stopTable } = await startTable();
  stop = stopTable;
  world = openWorld({ policy, stores: tableStores(table) });
  call = caller(world);
  const oldest = await ask('alice');
  const Key = { pk: `REQUEST#${oldest}`, sk: 'STATE' };
  const { Item = {} } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
  for (let count = 0; count < flood; count += 1) {
    if (count % 5 === 0) await world.clock.turn(1);
    ids.push(world.ports.ids.ulid());
  }
  const items = ids.map((id, index): Item => {
    const personId = `person-${index % 300}`;
    const state = { ...Item.state, id, personId };
    return { ...Item, pk: `REQUEST#${id}`, sortKey: id, person: `PERSON#${personId}`, state };
  });
  for (let from = 0; from < items.length; from += 250) {
    const batches = Array.from({ length: 10 }, (_, batch) => items.slice(from + batch * 25, from + batch * 25 + 25));
    const puts = batches.map((batch) => batch.map((each) => ({ PutRequest: { Item: each } })));
    await Promise.all(
      puts.map((put) => table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: put } }))),
    );
  }
  table.client.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      const { Items = [] } = result.output as { Items?: Item[] };
      read.calls += 1;
      read.items += Items.length;
      read.bytes += JSON.stringify(Items).length;
      return result;
    },
    { step: 'initialize', name: 'counted' },
  );
});
afterAll(() => stop());

it('of 7,500 requests that wait /access list reads eight and what is one’s own, and says that there are more', async () => {
  sinceLast();
  const listed = await listRequests({ personId: 'bob', enough: mostAnswered }, world.ports);
  const { calls, items } = sinceLast();
  expect(calls).toBeLessThanOrEqual(4);
  expect(items).toBe(8);
  const said = JSON.stringify(listAnswer(policy, listed, world.clock.nowMs()));
  expect(said).toContain('Waiting for you: 7 or more.');
  expect(said).toContain('7 or more wait; these come first.');
});

it('what somebody has is found behind 7,500 requests of others, and is all that is read of theirs', async () => {
  sinceLast();
  const { mine } = await listRequests({ personId: 'alice', enough: mostAnswered }, world.ports);
  expect(mine.map(({ personId, status }) => [personId, status])).toEqual([['alice', 'pending']]);
  expect(sinceLast().items).toBeLessThanOrEqual(1_000);
});

it('the panic form counts the newest five hundred of a status, whatever there is, and says so', async () => {
  for (const scope of [
    { kind: 'role', accountId: '222222222222', roleName: 'daypass-jit-orders-admin' },
    { kind: 'account', accountId: '222222222222' },
  ] as const) {
    sinceLast();
    const preview = await previewLockdown({ scope, personId: 'carol' }, world.ports);
    const { calls, items } = sinceLast();
    expect(calls).toBeLessThanOrEqual(7);
    expect(items).toBe(501);
    if (!preview.ok) throw new Error(preview.refusal.message);
    expect(preview.value).toMatchObject({ grants: 0, sessions: 0, waiting: 500, atLeast: true });
    expect(previewLines(policy, preview.value, 'carol')[0]).toBe(
      'It ends *0 grants* with *0 live sessions* and closes *500 requests* that wait, and whatever else there is: only the newest were counted.',
    );
  }
});

it('the panic form of a person reads that person’s alone', async () => {
  sinceLast();
  const preview = await previewLockdown(
    { scope: { kind: 'person', personId: 'alice' }, personId: 'carol' },
    world.ports,
  );
  expect(sinceLast().items).toBe(1);
  expect(preview).toMatchObject({ ok: true, value: { waiting: 1 } });
  expect(preview).not.toHaveProperty('value.atLeast');
});

it('the API answers page by page, each below 1 MB, and leaves nothing out', async () => {
  const token = await logIn(call, world, 'bob');
  const seen: string[] = [];
  let next: string | undefined;
  for (let page = 0; page < 4; page += 1) {
    sinceLast();
    const query = next === undefined ? '' : `next=${next}`;
    const { status, body, text } = await call({ path: '/v1/requests', token, query });
    expect(status).toBe(200);
    expect(text.length).toBeLessThan(1_000_000);
    expect(sinceLast().items).toBeLessThan(1_000);
    const listed = body as { mine: unknown[]; waitingForMe: { id: string }[]; next?: string };
    expect(listed.mine).toEqual([]);
    seen.push(...listed.waitingForMe.map(({ id }) => id));
    next = listed.next;
  }
  expect(next).toBeDefined();
  expect(seen).toEqual(ids.toSorted().toReversed().slice(0, 200));
});

it('a `next` of somebody else shows nothing that one may not see, and one that is none is refused', async () => {
  const [bob, dave] = [await logIn(call, world, 'bob'), await logIn(call, world, 'dave')];
  const { next } = (await call({ path: '/v1/requests', token: bob })).body as { next: string };
  const { body } = await call({ path: '/v1/requests', token: dave, query: `next=${next}` });
  expect(body).toMatchObject({ mine: [], waitingForMe: [], extensionsForMe: [] });
  const of = (place: object) => Buffer.from(JSON.stringify(place)).toString('base64url');
  for (const none of ['', 'x', of([]), of({ mine: 'x' }), of({ mine: 1 }), of({ person: 'bob' }), of({ after: 3 })]) {
    const answer = await call({ path: '/v1/requests', token: dave, query: `next=${none}` });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        error: {
          code: 'invalid-input',
          message: 'This `next` is of no page.',
          next: 'Leave it out to begin with the first page.',
        },
      },
    ]);
  }
});
