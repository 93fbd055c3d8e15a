import { DatabaseSync } from 'node:sqlite';
import type { Caller } from '#local/aws/service.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
import type { Entropy } from '#local/states/entropy.ts';
import type { Invoke } from '#local/states/invoker.ts';
import { createStates, type States } from '#local/states/states.ts';
import type { StatusEvent } from '#local/states/status-event.ts';

export const accountId = '111111111111';
export const machineArn = (name: string): string => `arn:aws:states:us-east-1:${accountId}:stateMachine:${name}`;
export const executionArn = (machine: string, name: string): string =>
  `arn:aws:states:us-east-1:${accountId}:execution:${machine}:${name}`;

const callerOf = (account: string): Caller => ({
  kind: 'user',
  accountId: account,
  arn: `arn:aws:iam::${account}:user/hub-admin`,
  userId: 'AIDAHUBADMIN000000000',
  userName: 'hub-admin',
  accessKeyId: 'AKIAHUBADMIN00000000',
});

/** A Lambda error as the embedded Lambda rejects with it. */
export const named = (name: string, message = 'it did not work'): Error => Object.assign(new Error(message), { name });

export type HistoryEvent = Record<string, unknown> & { id: number; previousEventId: number; type: string };

export type RigOptions = {
  db?: DatabaseSync;
  clock?: TurnableClock;
  invoke?: Invoke;
  entropy?: Entropy;
  publish?: (event: StatusEvent) => void | Promise<void>;
};

/** An engine on a clock that the test turns. */
export const createRig = (options: RigOptions = {}) => {
  const db = options.db ?? new DatabaseSync(':memory:');
  const clock = options.clock ?? turnableClock();
  const published: StatusEvent[] = [];
  const enders = new Map<unknown, (event: StatusEvent) => void>();
  const states: States = createStates({
    db,
    clock,
    region: 'us-east-1',
    invoke: options.invoke ?? (async (name) => Promise.reject(named('Lambda.ResourceNotFoundException', name))),
    publish: async (event) => {
      await options.publish?.(event);
      published.push(event);
      if (event.detail.status !== 'RUNNING') enders.get(event.detail.executionArn)?.(event);
    },
    ...(options.entropy ? { entropy: options.entropy } : {}),
  });

  const call = async (action: string, input: Record<string, unknown>, account = accountId) =>
    states.service.handle({
      service: 'states',
      region: 'us-east-1',
      action,
      input,
      caller: callerOf(account),
      sourceIp: '127.0.0.1',
      userAgent: 'test',
      requestId: '00000000-0000-4000-8000-000000000000',
      atMs: clock.nowMs(),
    });

  const deploy = (definition: object, name = 'machine'): void =>
    states.deploy({ name, accountId, definition: { QueryLanguage: 'JSONata', ...definition } });

  /** Starts an execution of what `deploy` registered. */
  const start = async (input: unknown = {}, name = 'run', machine = 'machine'): Promise<string> => {
    await call('StartExecution', { stateMachineArn: machineArn(machine), name, input: JSON.stringify(input) });
    // Lets it come to its first wait, so that a turn of the clock finds the timer.
    await clock.turn(0);
    return executionArn(machine, name);
  };

  const describe = async (arn: string) => {
    const { output, ...rest } = await call('DescribeExecution', { executionArn: arn });
    return { ...rest, ...(typeof output === 'string' ? { output: JSON.parse(output) } : {}) } as Record<
      string,
      unknown
    >;
  };

  const ended = async (arn: string) => {
    // Before the look: the end may come right after it.
    const end = new Promise<StatusEvent>((done) => enders.set(arn, done));
    const now = await describe(arn);
    if (now.status !== 'RUNNING') return now;
    await end;
    return describe(arn);
  };

  return {
    db,
    clock,
    states,
    published,
    call,
    deploy,
    start,
    describe,
    /** What DescribeExecution says (the output parsed) once the execution has ended. */
    ended,
    /** Deploys, starts and waits for the end. */
    run: async (definition: object, input: unknown = {}) => {
      deploy(definition);
      return ended(await start(input));
    },
    history: async (arn: string): Promise<HistoryEvent[]> => {
      const { events } = await call('GetExecutionHistory', { executionArn: arn, maxResults: 1000 });
      return events as HistoryEvent[];
    },
    types: async (arn: string): Promise<string[]> => {
      const { events } = await call('GetExecutionHistory', { executionArn: arn, maxResults: 1000 });
      return (events as HistoryEvent[]).map((event) => event.type);
    },
  };
};

export type Rig = ReturnType<typeof createRig>;
