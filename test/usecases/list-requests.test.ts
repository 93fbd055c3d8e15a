import { expect, it } from 'vitest';
import type { AccessRequest } from '#core/request/request.ts';
import { turnableClock } from '#local/clock.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { openWorld } from '#test/kit/world.ts';
import { listRequests } from '#usecases/ask/list-requests.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';

const pendingOf = async (personId: string): Promise<AccessRequest> => {
  const { ports } = openWorld({ policy: samplePolicy() });
  const ask = { requestId: ports.ids.ulid(), personId, entitlementId: 'orders-admin', durationSec: 600 };
  const outcome = await submitRequest({ ...ask, reason: 'fixing INC-42' }, ports);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
};

/** So many pending requests of these people, the newest first, and how many of them were read. */
const flooded = async (people: readonly string[]) => {
  const of = new Map(await Promise.all([...new Set(people)].map(async (id) => [id, await pendingOf(id)] as const)));
  const pending = people.map((personId, index) => ({
    ...(of.get(personId) as AccessRequest),
    id: `01JD${String(people.length - index).padStart(22, '0')}`,
  }));
  const read = { count: 0 };
  const requests = {
    ...openWorld({ policy: samplePolicy() }).ports.requests,
    withStatus: async (status: string, page?: { limit: number; before?: string | undefined }) => {
      if (status !== 'pending') return [];
      const before = page?.before;
      const found = pending.filter(({ id }) => before === undefined || id < before).slice(0, page?.limit);
      read.count += found.length;
      return found;
    },
  };
  return { read, ports: { clock: turnableClock(), policy: { current: async () => samplePolicy() }, requests } };
};

it('a flood of 7,500 requests is not read to say what waits for somebody who may answer all of them', async () => {
  const { read, ports } = await flooded(Array.from({ length: 7_500 }, () => 'alice'));
  const { waitingForMe, next } = await listRequests({ personId: 'bob', enough: 7 }, ports);
  const behind = waitingForMe.at(-1)?.id;
  expect({ listed: waitingForMe.length, next, read: read.count }).toEqual({
    listed: 7,
    next: { waiting: behind },
    read: 8,
  });
});

it('what waits for somebody is found behind those that do not', async () => {
  const { ports } = await flooded([...Array.from({ length: 300 }, () => 'bob'), 'alice', 'bob']);
  const { waitingForMe, next } = await listRequests({ personId: 'bob', enough: 7 }, ports);
  expect(waitingForMe.map(({ personId }) => personId)).toEqual(['alice']);
  expect(next).toEqual({});
});

it('of a flood that is none of theirs a thousand are looked through, and that there may be more is said', async () => {
  const { read, ports } = await flooded(Array.from({ length: 7_500 }, () => 'bob'));
  const { waitingForMe, next } = await listRequests({ personId: 'bob', enough: 7 }, ports);
  expect({ waitingForMe, more: next.waiting !== undefined }).toEqual({ waitingForMe: [], more: true });
  expect(read.count).toBeLessThan(1_000);
});
