import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError, type AwsService } from '../service.ts';
import { createDynamoClient, type DynamoClient } from './client.ts';
import { startClosedEngine } from './closed-engine.ts';
import { type Engine, engineBinary, startEngine } from './engine.ts';
import { byTableName, isForwarded, needsOf } from './requests.ts';
import { createTable, seed, type TableDefinition } from './tables.ts';

export type EmbeddedDynamoDb = {
  /** DynamoDB for the endpoint, with the tables of the caller's account. Every region sees the same tables. */
  service: AwsService;
  /** From now on these accounts are there too. */
  admit(accountIds: readonly string[]): void;
  /** Starts every account's engine at once; without it each one starts at its first call. */
  start(): Promise<void>;
  /** Creates what is missing and turns TTL on where it is asked for; existing tables stay as they are. */
  createTables(accountId: string, tables: readonly TableDefinition[]): Promise<void>;
  /** Puts the item (in attribute values) unless one with its key is there. */
  seedItem(accountId: string, tableName: string, item: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
};

type Running = { client: DynamoClient; engine?: Engine };

const noEngine = `The embedded DynamoDB has no binary for ${process.platform}-${process.arch}. Install @dynoxide/${process.platform}-${process.arch} if there is one, or start any DynamoDB-compatible server and set AWS_ENDPOINT_URL_DYNAMODB to its address.`;

/**
 * One dynoxide process per account, on a file in `dataDir` or in memory. It checks no signature and no permission:
 * only the endpoint in front of it may be reachable by others, and it listens on the loopback.
 */
export const createDynamoDb = (
  deps: {
    accounts: readonly string[];
    /** The engine's path; undefined where there is none. */
    binary?: string | undefined;
    /** Used where there is no binary. It must keep different access key ids apart, or the accounts share tables. */
    fallbackEndpoint?: string | undefined;
  } & (
    | {
        dataDir: string;
        /**
         * Out of reach for everybody else on this machine; an engine does not start where the system cannot do that.
         */
        closed?: boolean;
      }
    | { ephemeral: true }
  ),
): EmbeddedDynamoDb => {
  const binary = 'binary' in deps ? deps.binary : engineBinary();
  const fallback = 'fallbackEndpoint' in deps ? deps.fallbackEndpoint : process.env.AWS_ENDPOINT_URL_DYNAMODB;
  const accounts = new Set(deps.accounts);
  const running = new Map<string, Promise<Running>>();
  /** By account and table, as far as they were created or confirmed since this process started. */
  const partitionKeys = new Map<string, string>();
  const learnKey = (accountId: string, { TableName, KeySchema }: Readonly<Record<string, unknown>>): void => {
    const keys = Array.isArray(KeySchema) ? (KeySchema as { AttributeName?: string; KeyType?: string }[]) : [];
    const name = keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    if (name !== undefined) partitionKeys.set(`${accountId} ${String(TableName)}`, name);
  };

  const start = (engine: string, accountId: string): Promise<Engine> => {
    if (!('dataDir' in deps)) return startEngine(engine);
    const { dataDir, closed } = deps;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const file = join(dataDir, `${accountId}.db`);
    return closed ? startClosedEngine(engine, file, join(dataDir, `${accountId}.sock`)) : startEngine(engine, file);
  };

  const launch = async (accountId: string): Promise<Running> => {
    if (!binary) {
      if (!fallback) throw new Error(noEngine);
      return { client: createDynamoClient(fallback, accountId, true) };
    }
    const engine = await start(binary, accountId);
    return { client: createDynamoClient(engine.url, accountId), engine };
  };

  /** The account's engine, started when it is not running, also after it died. */
  const of = (accountId: string): Promise<Running> => {
    const known = running.get(accountId);
    if (known) return known;
    if (!accounts.has(accountId)) {
      throw new AwsError('ResourceNotFoundException', `The embedded stack has no account ${accountId}.`);
    }
    const starting = launch(accountId);
    running.set(accountId, starting);
    const forget = (): void => {
      if (running.get(accountId) === starting) running.delete(accountId);
    };
    starting.then(({ engine }) => engine?.ended.then(forget), forget);
    return starting;
  };

  const call = async (accountId: string, action: string, input: Readonly<Record<string, unknown>>) => {
    const { client } = await of(accountId);
    return client.call(action, input);
  };

  return {
    service: {
      needs: (call) => needsOf(call, (accountId, table) => partitionKeys.get(`${accountId} ${table}`)),
      handle: async ({ action, input, caller }) => {
        if (!isForwarded(action)) {
          throw new AwsError('UnknownOperationException', `The embedded DynamoDB does not do ${action}.`);
        }
        const named = byTableName(input, caller.accountId);
        const answer = await call(caller.accountId, action, named);
        if (action === 'CreateTable') learnKey(caller.accountId, named);
        return answer;
      },
    },
    admit: (accountIds) => {
      for (const id of accountIds) accounts.add(id);
    },
    start: async () => {
      await Promise.all([...accounts].map(of));
    },
    createTables: async (accountId, tables) => {
      await Promise.all(tables.map((table) => createTable((action, input) => call(accountId, action, input), table)));
      for (const table of tables) learnKey(accountId, table);
    },
    seedItem: (accountId, tableName, item) => seed((action, input) => call(accountId, action, input), tableName, item),
    stop: async () => {
      const all = await Promise.allSettled(running.values());
      running.clear();
      await Promise.all(
        all.map(async (one) => {
          if (one.status === 'rejected') return;
          one.value.client.close();
          await one.value.engine?.stop();
        }),
      );
    },
  };
};
