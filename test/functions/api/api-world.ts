import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Policy } from '#core/policy/policy.ts';
import type { DomainEvent } from '#events/events.ts';
import type { ApiPorts } from '#functions/api/route.ts';
import type { TurnableClock } from '#local/clock.ts';
import { tableStores } from '#test/kit/stores/table-stores.ts';
import { startTable } from '#test/kit/table.ts';
import { openWorld } from '#test/kit/world.ts';
import { samplePolicy } from './sample-policy.ts';

/** The real use cases over the real stores on an embedded table; only the bus is a list. */
export type ApiWorld = {
  ports: ApiPorts;
  clock: TurnableClock;
  events: DomainEvent[];
  /** Everything that was logged, as one text. */
  logged(): string;
  /** Replaces the policy in force. */
  govern(policy: Policy): void;
  /** Every item of the table, as text. */
  stored(): Promise<string>;
  stop(): Promise<void>;
};

export const startApiWorld = async (): Promise<ApiWorld> => {
  const { table, stop } = await startTable();
  const { ports, clock, published, logged, govern } = openWorld({ policy: samplePolicy, stores: tableStores(table) });
  return {
    ports,
    clock,
    events: published,
    logged,
    govern,
    stored: async () => JSON.stringify((await table.client.send(new ScanCommand({ TableName: table.name }))).Items),
    stop,
  };
};
