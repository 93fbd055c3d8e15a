import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server } from 'node:http';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isManagedRoleArn } from '#core/aws-role.ts';
import { functions } from '#functions/registry.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import { type Asked, askedChannel } from '#local/aws/iam/authorized.ts';
import type { Log } from '#ports/log.ts';

/** What the functions of a stack in this process did so far. Each member counts by name. */
export type Counts = {
  /** Runs of functions. */
  invocations: Counted;
  /** Operations on the table. */
  dynamoDb: Counted;
  /** `write` and `read` request units of the table and its indexes, as the embedded DynamoDB accounts for them. */
  units: Counted;
  /** Permissions that other services were asked for, which is one per call. */
  otherCalls: Counted;
  /** Domain events published. */
  events: Counted;
  /** Calls of the HTTP API, by method. */
  http: Counted;
  /** `lines` and `bytes` of the functions' own log lines. */
  logs: Counted;
};
export type Counted = Readonly<Record<string, number>>;

const names = ['invocations', 'dynamoDb', 'units', 'otherCalls', 'events', 'http', 'logs'] as const;

type Capacity = { Table?: { CapacityUnits?: number }; CapacityUnits?: number };

/** Functions, and the role through which they write to target accounts. A holder's own calls are none of theirs. */
const isOurs = (roleArn: string): boolean => !isManagedRoleArn(roleArn);

/** Tags and source identity are permissions of their own and not calls. */
const isCall = (action: string): boolean =>
  !action.startsWith('dynamodb:') && action !== 'sts:TagSession' && action !== 'sts:SetSourceIdentity';

/** Starts to count. Only the first stack that starts afterwards is counted, and there is no way to stop. */
export const startCounting = () => {
  const counts = Object.fromEntries(names.map((name) => [name, new Map<string, number>()])) as Record<
    keyof Counts,
    Map<string, number>
  >;
  const add = (what: keyof Counts, name: string, count = 1): void =>
    void counts[what].set(name, (counts[what].get(name) ?? 0) + count);

  // Lambda reads a function's memory once for each run, to tell the handler.
  for (const config of functions) {
    const { memoryMb, name } = config;
    Object.defineProperty(config, 'memoryMb', {
      get: () => {
        add('invocations', name);
        return memoryMb;
      },
    });
  }

  const from = DynamoDBDocumentClient.from.bind(DynamoDBDocumentClient);
  DynamoDBDocumentClient.from = (client, config) => {
    const made = from(client, config);
    made.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const result = await next({
            ...args,
            input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } as typeof args.input,
          });
          const name = (commandName ?? 'unknown').replace('Command', '');
          const { ConsumedCapacity: consumed } = result.output as { ConsumedCapacity?: Capacity | Capacity[] };
          const units = [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
          add('dynamoDb', name);
          add('units', /^(Get|Query|TransactGet)/.test(name) ? 'read' : 'write', units);
          return result;
        },
      { step: 'initialize', name: 'countUnits' },
    );
    return made;
  };

  askedChannel.subscribe((message) => {
    const { action, roleArn } = message as Asked;
    if (isOurs(roleArn) && isCall(action)) add('otherCalls', action);
  });

  let appPort = '';
  subscribe('http.server.request.start', (message) => {
    const { request, server } = message as { request: IncomingMessage; server: Server };
    const address = server.address();
    if (typeof address === 'object' && String(address?.port) === appPort) add('http', request.method ?? '');
  });

  /** The newest lines, to explain a failure. */
  const chatter: string[] = [];
  const log = (service: string): Log => {
    const line =
      (level: string) =>
      (message: string, facts: object = {}) => {
        const text = JSON.stringify({ level, message, timestamp: '2026-11-22T10:00:00.000Z', service, facts });
        add('logs', 'lines');
        add('logs', 'bytes', text.length);
        chatter.push(text);
        chatter.splice(0, chatter.length - 100);
      };
    return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
  };

  return {
    log,
    chatter: () => chatter.join('\n'),
    onEvent: (event: BusEvent) => add('events', event['detail-type']),
    /** The app is told from the other servers of this process by its port. */
    appIsAt: (url: string): void => {
      appPort = new URL(url).port;
    },
    now: (): Counts => Object.fromEntries(names.map((name) => [name, Object.fromEntries(counts[name])])) as Counts,
  };
};

export type Counting = ReturnType<typeof startCounting>;

/** What was counted between the two, divided. */
export const between = (before: Counts, after: Counts, by = 1): Counts =>
  Object.fromEntries(
    names.map((what) => [
      what,
      Object.fromEntries(
        Object.entries(after[what])
          .map(([name, count]): [string, number] => [name, (count - (before[what][name] ?? 0)) / by])
          .filter(([, count]) => count > 0)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ]),
  ) as Counts;

export const total = (counted: Counted): number => Object.values(counted).reduce((sum, count) => sum + count, 0);
