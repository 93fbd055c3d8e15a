import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { createLoginStore } from '#adapters/aws/login-store.ts';
import { createReplyStore } from '#adapters/aws/reply-store.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { openTable } from '#adapters/aws/table.ts';
import { randomIds } from '#adapters/ids.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { DomainEvent } from '#events/events.ts';
import type { ApiPorts } from '#functions/api/route.ts';
import { table as definition } from '#functions/table.ts';
import { engineBinary, startEngine } from '#local/aws/dynamodb/engine.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
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

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export const startApiWorld = async (): Promise<ApiWorld> => {
  const engine = await startEngine(engineBinary() ?? '');
  const config = { endpoint: engine.url, region: 'us-east-1', credentials };
  const client = new DynamoDBClient(config);
  const { TimeToLiveSpecification: _, ...shape } = definition;
  const TableName = 'daypass';
  await client.send(new CreateTableCommand({ TableName, ...structuredClone(shape) } as never));
  const table = openTable(TableName, config);

  const clock = turnableClock();
  const events: DomainEvent[] = [];
  const lines: string[] = [];
  let policy = samplePolicy;
  const note = (message: string, facts?: object): void => {
    lines.push(JSON.stringify({ message, facts }));
  };
  const keep = async (published: readonly DomainEvent[]): Promise<void> => {
    events.push(...published);
  };
  return {
    ports: {
      clock,
      ids: randomIds(clock),
      log: { info: note, warn: note, error: note },
      policy: { current: async () => policy },
      requests: createRequestStore(table),
      lockdowns: createLockdownStore(table),
      logins: createLoginStore(table),
      replies: createReplyStore(table, clock),
      outbox: { announce: keep, publish: keep, publishLeftovers: async () => 0 },
    },
    clock,
    events,
    logged: () => lines.join('\n'),
    govern: (next) => {
      policy = next;
    },
    stored: async () => {
      const { ScanCommand } = await import('@aws-sdk/lib-dynamodb');
      return JSON.stringify((await table.client.send(new ScanCommand({ TableName }))).Items);
    },
    stop: async () => {
      client.destroy();
      table.client.destroy();
      await engine.stop();
    },
  };
};
