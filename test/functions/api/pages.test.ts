import { expect, it } from 'vitest';
import type { RequestView } from '#core/api/views.ts';
import { sha256 } from '#core/sha256.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { openWorld, type World, withPorts } from '#test/kit/world.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { type Call, caller } from './call.ts';

const ask = async ({ ports }: World, personId: string): Promise<string> => {
  const requestId = ports.ids.ulid();
  const outcome = await submitRequest(
    { requestId, personId, entitlementId: 'orders-admin', durationSec: 600, reason: 'fixing INC-42' },
    ports,
  );
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return requestId;
};

/** The API with one token for everybody, which is this person's. */
const callOf = ({ ports }: World, personId: string): Call => {
  const login = {
    id: '01JD8QLOGIN00000000000000A',
    version: 3,
    status: 'active',
    deviceCodeHash: '',
    userCode: 'BCDF-GHJK',
    askedFrom: { program: 'test' },
    askedAt: '2026-11-22T10:00:00.000Z',
    codeExpiresAt: '2026-11-22T10:10:00.000Z',
    personId,
    tokenHash: sha256(token),
    tokenExpiresAt: '2099-11-22T10:00:00.000Z',
  } as const;
  return caller({ ports: withPorts(ports, { logins: { byTokenHash: async () => login } }) });
};

const token = 'a-token-of-whoever-it-is';

/** Every page of a list, as whoever has the token follows it. */
const follow = async <Page extends { next?: string }>(call: Call, path: string): Promise<Page[]> => {
  const pages: Page[] = [];
  let next: string | undefined;
  do {
    const { status, body, text } = await call({ path, token, query: next === undefined ? '' : `next=${next}` });
    expect(status).toBe(200);
    expect(text.length).toBeLessThan(1_000_000);
    pages.push(body as Page);
    next = (body as Page).next;
  } while (next !== undefined && pages.length < 100);
  return pages;
};

type Requests = { mine: RequestView[]; waitingForMe: RequestView[]; next?: string };

it('what is open of one’s own stands on the first page, and all the rest comes in its turn', async () => {
  const world = openWorld();
  const open = await ask(world, 'alice');
  const all = [open];
  for (let count = 0; count < 120; count += 1) {
    await world.clock.turn(600_000);
    const id = await ask(world, 'alice');
    await cancelRequest({ requestId: id, personId: 'alice' }, world.ports);
    all.push(id);
  }
  const pages = await follow<Requests>(callOf(world, 'alice'), '/v1/requests');
  expect(pages.map(({ mine }) => mine.length)).toEqual([51, 50, 21]);
  expect(pages[0]?.mine.at(-1)?.id).toBe(open);
  const seen = pages.flatMap(({ mine }) => mine.map(({ id }) => id));
  expect([...new Set(seen)].sort()).toEqual(all.sort());
});

it('requests of many approvers with long names fill pages of less than 1 MB, and none is left out', async () => {
  const policy = samplePolicy();
  const many = Array.from({ length: 900 }, (_, index) => `approver-${index}`);
  const [bob] = policy.people.filter(({ id }) => id === 'bob');
  if (!bob) throw new Error('There is no Bob.');
  const world = openWorld({
    policy: {
      ...policy,
      people: [...policy.people, ...many.map((id) => ({ ...bob, id, name: `${id} ${'é'.repeat(100)}`, emails: [] }))],
      groups: Object.fromEntries(
        Object.entries(policy.groups).map(([name, members]) => [
          name,
          members.includes('bob') ? [...members, ...many] : members,
        ]),
      ),
    },
  });
  const all: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    all.push(await ask(world, 'alice'));
    await world.clock.turn(1);
  }
  const mine = await follow<Requests>(callOf(world, 'alice'), '/v1/requests');
  expect(mine.length).toBeGreaterThan(1);
  expect([...new Set(mine.flatMap((page) => page.mine.map(({ id }) => id)))].sort()).toEqual(all);
  const theirs = await follow<Requests>(callOf(world, 'bob'), '/v1/requests');
  expect(theirs.flatMap(({ waitingForMe }) => waitingForMe.map(({ id }) => id))).toEqual(all.toReversed());
});

it('twenty lockdowns are on a page, and of each fifty that could not be ended are named', async () => {
  const world = openWorld();
  const people = Array.from({ length: 45 }, (_, index) => `left-${index}`);
  for (const personId of people) {
    const order = { lockdownId: world.ports.ids.ulid(), reason: 'they left', personId: 'carol' };
    await beginLockdown({ ...order, scope: { kind: 'person', personId } }, world.ports);
  }
  const [first] = (await world.ports.lockdowns.register()).lockdowns;
  await world.ports.lockdowns.note(
    first?.id ?? '',
    Array.from({ length: 70 }, () => ({
      subject: { kind: 'request', requestId: world.ports.ids.ulid() },
      outcome: 'failed',
    })),
  );
  type Page = { lockdowns: { subject: string; tally?: { failed: string[]; moreFailed?: number } }[]; next?: string };
  const pages = await follow<Page>(callOf(world, 'carol'), '/v1/lockdowns');
  expect(pages.map(({ lockdowns }) => lockdowns.length)).toEqual([20, 20, 5]);
  expect(pages.flatMap(({ lockdowns }) => lockdowns.map(({ subject }) => subject))).toEqual(
    people.map((personId) => `person ${personId}`),
  );
  expect(pages[0]?.lockdowns[0]?.tally?.failed).toHaveLength(50);
  expect(pages[0]?.lockdowns[0]?.tally?.moreFailed).toBe(20);
});

it('two thousand and one entitlements stand on three pages, in the order of the policy', async () => {
  const policy = samplePolicy();
  const [read] = policy.entitlements.filter(({ id }) => id === 'orders-read');
  if (!read) throw new Error('There is no orders-read.');
  const entitlements = Array.from({ length: 2_001 }, (_, index) => ({ ...read, id: `orders-${index}` }));
  const world = openWorld({ policy: { ...policy, entitlements } });
  type Page = { entitlements: { id: string }[]; next?: string };
  const pages = await follow<Page>(callOf(world, 'alice'), '/v1/entitlements');
  expect(pages.map((page) => page.entitlements.length)).toEqual([1_000, 1_000, 1]);
  expect(pages.flatMap((page) => page.entitlements.map(({ id }) => id))).toEqual(entitlements.map(({ id }) => id));
});
