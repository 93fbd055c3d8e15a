import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { createTaskTokens } from '#adapters/aws/task-tokens.ts';
import { randomIds } from '#adapters/ids.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { DomainEvent } from '#events/events.ts';
import { turnableClock } from '#local/clock.ts';
import type { AssumeOrder } from '#ports/token-service.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { startTable } from '#test/kit/table.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';

/**
 * A grant of orders-admin between its use cases and the real stores; STS and Step Functions as far as they are asked. Call it
 * at the top of a test file: the table is one for the file, the rest is new for each test.
 */
export const grantWorld = () => {
  const clock = turnableClock();
  let table: Awaited<ReturnType<typeof startTable>>;
  const world = {
    policy: samplePolicy() as Policy,
    /** What STS was asked for. */
    orders: [] as AssumeOrder[],
    /** What Step Functions was told of its tokens. */
    answers: [] as string[],
    events: [] as DomainEvent[],
    duringSts: async (): Promise<unknown> => undefined,
  };
  beforeAll(async () => {
    table = await startTable();
  });
  afterAll(() => table.stop());
  beforeEach(() => {
    const none = async () => undefined;
    Object.assign(world, { policy: samplePolicy(), orders: [], answers: [], events: [], duringSts: none });
  });

  const ports = () => ({
    clock,
    ids: randomIds(clock),
    policy: { current: async () => world.policy },
    requests: createRequestStore(table.table),
    ledgers: createLedgerStore(table.table, clock),
    lockdowns: createLockdownStore(table.table),
    outbox: {
      announce: async () => {},
      publish: async (published: readonly DomainEvent[]) => void world.events.push(...published),
      publishLeftovers: async () => 0,
    },
    tokenService: {
      assumeRole: async (order: AssumeOrder) => {
        world.orders.push(order);
        await world.duringSts();
        const expiresAt = new Date(clock.nowMs() + order.durationSec * 1000).toISOString();
        return { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'never kept', sessionToken: 'never kept', expiresAt };
      },
    },
    taskTokens: createTaskTokens(table.table, clock),
    workflows: {
      start: async () => {},
      succeed: async (token: string) => {
        world.answers.push(`${token} goes on`);
        return 'resumed' as const;
      },
      fail: async (token: string, error: string) => {
        world.answers.push(`${token} fails with ${error}`);
        return 'resumed' as const;
      },
      status: async () => 'running' as const,
    },
    alerts: { get: async () => undefined, save: async () => {}, open: async () => [] },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });

  const must = async (outcome: Promise<{ ok: boolean }>): Promise<void> => {
    const { ok } = await outcome;
    if (!ok) throw new Error('What a test is built on was refused.');
  };
  const asked = async (durationSec = 3600): Promise<string> => {
    const requestId = ports().ids.ulid();
    const ask = { personId: 'alice', entitlementId: 'orders-admin', durationSec, reason: 'fixing INC-42' };
    await must(submitRequest({ requestId, ...ask }, ports()));
    return requestId;
  };
  const approved = async (durationSec?: number): Promise<string> => {
    const requestId = await asked(durationSec);
    await must(castVote({ requestId, personId: 'bob', verdict: 'approve' }, ports()));
    return requestId;
  };
  const live = async (durationSec?: number): Promise<string> => {
    const requestId = await approved(durationSec);
    await activateGrant({ requestId }, ports());
    return requestId;
  };
  return { clock, world, ports, asked, approved, live };
};
