import { executionFailed } from '#events/rules/execution-failed.ts';
import { leavesOf } from '#local/aws/events/flatten.ts';
import { compilePattern } from '#local/aws/events/pattern.ts';
import { AwsError, type Caller } from '#local/aws/service.ts';
import type { Invoke } from '#local/states/invoker.ts';
import type { EventRow, Thread } from '#local/states/rows.ts';
import { statesOn } from '#local/states/states.ts';
import { workOf } from '#local/states/task.ts';
import type { Machine, Workflows } from '#ports/workflows.ts';
import { settled } from './actor.ts';
import type { ModelClock } from './clock.ts';
import { type ExecutionEnd, type Story, storyOf } from './states/history.ts';
import { accountId, arnOf, region } from './states/machines.ts';
import type { MemoryStore } from './states/memory-store.ts';
import { noEntropy, timersOf } from './states/surroundings.ts';

/** An execution as whoever sees everything sees it. */
export type Execution = {
  name: string;
  status: 'running' | 'ended';
  /** The Task at which it is now: since when, and when that is over whether or not anybody answers, if it ever is. */
  at?: { state: string; enteredMs: number; timesOutMs: number };
};

export type Hears = {
  /** What the rule on failed executions takes. */
  stopped(machine: Machine, name: string): void;
  ended(end: ExecutionEnd): void;
};

/** A function that an execution waits for. */
export type Task = { executionName: string; state: string; functionName: string; payload: unknown; key: string };

const caller: Caller = {
  kind: 'user',
  accountId,
  arn: `arn:aws:iam::${accountId}:user/model`,
  userId: 'AIDAMODEL00000000000',
  userName: 'model',
  accessKeyId: 'AKIAMODEL00000000000',
};
const ofModel = { service: 'states', region, caller, sourceIp: '127.0.0.1', userAgent: 'model', requestId: 'model' };

/** The product's own rule: what failed, was stopped or timed out. */
const takes = compilePattern(executionFailed.pattern);

const stepsNow: ReadonlySet<string> = new Set(['entered', 'result', 'error']);
/** Names one attempt at one state: what an earlier one still answers is nothing. */
const keyOf = ({ id, step }: Thread): string => `${id}:${step}`;

const unless =
  (code: string) =>
  (error: unknown): void => {
    if (!(error instanceof AwsError && error.code === code)) throw error;
  };

/**
 * Step Functions: the interpreter of `local/states` with the machines that are deployed in `store`, and on the clock
 * that only a test turns. What it wants to invoke waits in `due` until somebody does.
 */
export const createExecutions = (clock: ModelClock, store: MemoryStore, hears: Hears) => {
  const timers = timersOf(clock);
  /** The invocations that the interpreter waits for, and those that somebody is at. */
  const invoked = new Map<string, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const begun = new Set<string>();
  /** Something was answered that the interpreter has not heard yet. */
  let told = false;

  const invoke: Invoke = (functionName, payload) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(payload);
      const thread = store.rows().threads.find((each) => {
        const work = each.phase === 'task' && !invoked.has(keyOf(each)) ? workOf(each) : undefined;
        return work?.functionName === functionName && work.payload === text;
      });
      // One that is not there has moved on in between, and waits for nobody.
      if (thread) invoked.set(keyOf(thread), { resolve, reject });
    });
  const { service } = statesOn({
    store,
    clock: timers.clock,
    region,
    invoke,
    publish: (event) => {
      const { executionArn, stateMachineArn, name, status, error } = event.detail;
      const machine = String(stateMachineArn).split(':').at(-1) as Machine;
      if (takes(leavesOf(event))) hears.stopped(machine, String(name));
      if (status === 'RUNNING') return;
      const story = storyOf(historyOf(String(executionArn)));
      hears.ended({ machine, name: String(name), status: String(status), error: String(error), story });
    },
    entropy: noEntropy(),
  });
  const historyOf = (arn: string): readonly EventRow[] =>
    store.eventsAfter(store.executionByArn(arn)?.seq ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const call = (action: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> => {
    timers.fire();
    return service.handle({ ...ofModel, action, input, atMs: clock.nowMs() });
  };
  const answer = (action: string, input: Readonly<Record<string, unknown>>): Promise<'resumed' | 'gone'> =>
    call(action, input).then(
      () => 'resumed' as const,
      (error: unknown) => {
        unless('TaskTimedOut')(error);
        return 'gone' as const;
      },
    );

  const isMoving = (): boolean => {
    const nowMs = clock.nowMs();
    return store.rows().threads.some((thread) => {
      const { phase, dueMs } = thread;
      const isLaunched = phase !== 'task' || invoked.has(keyOf(thread));
      return stepsNow.has(phase) || !isLaunched || (dueMs !== null && dueMs <= nowMs);
    });
  };

  const workflows: Workflows = {
    start: async (machine, name, input) => {
      const order = { stateMachineArn: arnOf('stateMachine', machine), name, input: JSON.stringify(input) };
      await call('StartExecution', order).catch(unless('ExecutionAlreadyExists'));
    },
    succeed: (taskToken, output) => answer('SendTaskSuccess', { taskToken, output: JSON.stringify(output) }),
    fail: (taskToken, error, cause) => answer('SendTaskFailure', { taskToken, error, cause }),
    status: async (machine, name) => {
      timers.fire();
      const execution = store.executionByArn(arnOf('execution', machine, name));
      if (!execution) return 'absent';
      return execution.status === 'RUNNING' ? 'running' : 'ended';
    },
  };

  return {
    workflows,
    /** Goes as far as it can without anybody's answer. */
    quiet: async (): Promise<void> => {
      timers.fire();
      while (told || isMoving()) {
        told = false;
        await settled();
        timers.fire();
      }
    },
    find: (name: string): Execution | undefined => {
      const found = store.rows().executions.find((execution) => execution.name === name);
      if (!found) return undefined;
      const root = store.rootThread(found.seq);
      const isOpen = root?.phase === 'task' || root?.phase === 'token';
      return {
        name,
        status: found.status === 'RUNNING' ? 'running' : 'ended',
        ...(isOpen && {
          at: { state: root.state, enteredMs: root.enteredMs, timesOutMs: root.dueMs ?? Number.POSITIVE_INFINITY },
        }),
      };
    },
    story: (machine: Machine, name: string): Story => storyOf(historyOf(arnOf('execution', machine, name))),
    /**
     * What is to be invoked, the oldest execution's first. Whoever has to know what is due by now waits for `quiet`.
     */
    due: (): readonly Task[] => {
      const { executions, threads } = store.rows();
      return threads.flatMap((thread) => {
        const key = keyOf(thread);
        if (thread.phase !== 'task' || !invoked.has(key) || begun.has(key)) return [];
        const { functionName, payload = '{}' } = workOf(thread);
        const executionName = executions.find(({ seq }) => seq === thread.execution)?.name ?? '';
        return [{ executionName, state: thread.state, functionName, payload: JSON.parse(payload) as unknown, key }];
      });
    },
    begin: ({ key }: Task): void => void begun.add(key),
    /** The Lambda answered, or failed, or is gone. */
    answered: ({ key }: Task, result: { value: unknown } | { error: unknown }): void => {
      timers.fire();
      told = true;
      if ('value' in result) invoked.get(key)?.resolve(result.value);
      else invoked.get(key)?.reject(result.error);
    },
    /** An operator's StopExecution. */
    stop: (name: string): void => {
      const execution = store.rows().executions.find((each) => each.name === name);
      if (execution) void call('StopExecution', { executionArn: execution.arn });
    },
    /** All that is kept of the executions, and who is at them: what comes next depends on nothing else. */
    all: () => {
      const { executions, threads } = store.rows();
      return executions.map(({ seq, name, status, input, output, error, cause }) => {
        const own = threads.filter(({ execution }) => execution === seq);
        const states = own.map((thread) => {
          const { id, execution, parent, lastEvent, ...row } = thread;
          return { ...row, isRoot: parent === null, isBegun: begun.has(keyOf(thread)) };
        });
        return { name, status, input, output, error, cause, states };
      });
    },
  };
};

export type Executions = ReturnType<typeof createExecutions>;
