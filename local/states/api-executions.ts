import { type AwsCall, AwsError } from '#local/aws/service.ts';
import { nextTokenFor, numberCursorOf, optionalText, ownArn, pageSize } from './api-input.ts';
import { machineOf } from './api-machines.ts';
import type { Engine } from './engine.ts';
import type { Entropy } from './entropy.ts';
import { historyEvent } from './history.ts';
import type { Execution } from './rows.ts';
import { startExecution } from './start.ts';
import { payloadLimitBytes } from './state-error.ts';
import type { Store } from './store.ts';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];

/**
 * 1 to 80 characters, none of those listed at
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const isName = (name: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among those the service refuses.
  name.length >= 1 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name);

const inputOf = (call: AwsCall): string => {
  const input = call.input.input ?? '{}';
  if (typeof input !== 'string') throw new AwsError('ValidationException', "'input' must be text that holds JSON.");
  const bytes = Buffer.byteLength(input);
  if (bytes > payloadLimitBytes) {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: ${bytes} bytes, the limit is ${payloadLimitBytes}.`,
    );
  }
  try {
    JSON.parse(input);
    return input;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: not JSON: ${why}`);
  }
};

const summary = (execution: Execution): Record<string, unknown> => ({
  executionArn: execution.arn,
  stateMachineArn: execution.machine,
  name: execution.name,
  status: execution.status,
  startDate: new Date(execution.startedMs),
  ...(execution.stoppedMs === null ? {} : { stopDate: new Date(execution.stoppedMs) }),
  redriveCount: 0,
});

export const executionActions = (store: Store, engine: Engine, nowMs: () => number, entropy: Entropy) => {
  const executionOf = (call: AwsCall): Execution => {
    const arn = ownArn(call, 'executionArn', 'execution');
    const execution = store.executionByArn(arn);
    if (execution) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  };

  const start = (call: AwsCall) => {
    const machine = machineOf(store, call);
    const name = optionalText(call, 'name', Number.POSITIVE_INFINITY) ?? entropy.uuid();
    if (!isName(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    const input = inputOf(call);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const earlier = store.executionByArn(arn);
    if (earlier && (earlier.status !== 'RUNNING' || earlier.input !== input)) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution = earlier ?? startExecution(store, engine, machine, { name, input, startedMs: nowMs() });
    return { executionArn: arn, startDate: new Date(execution.startedMs) };
  };

  const describe = (call: AwsCall) => {
    const execution = executionOf(call);
    const { input, output, error, cause } = execution;
    const data =
      call.input.includedData === 'METADATA_ONLY'
        ? { inputDetails: { included: false }, ...(output === null ? {} : { outputDetails: { included: false } }) }
        : {
            input,
            inputDetails: { included: true },
            ...(output === null ? {} : { output, outputDetails: { included: true } }),
          };
    return {
      ...summary(execution),
      ...data,
      ...(error === null ? {} : { error }),
      ...(cause === null ? {} : { cause }),
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'RedriveExecution is not implemented by the embedded Step Functions.',
    };
  };

  const list = (call: AwsCall) => {
    const status = optionalText(call, 'statusFilter', 20) ?? '';
    if (status !== '' && !statuses.includes(status)) {
      throw new AwsError('ValidationException', `'statusFilter' must be one of ${statuses.join(', ')}.`);
    }
    const size = pageSize(call);
    const before = numberCursorOf(call) ?? Number.MAX_SAFE_INTEGER;
    const found = store.executions(machineOf(store, call).arn, before, status, status, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      executions: page.map(summary),
      ...(found.length > size && last ? { nextToken: nextTokenFor(last.seq) } : {}),
    };
  };

  const history = (call: AwsCall) => {
    const { seq } = executionOf(call);
    const size = pageSize(call);
    const cursor = numberCursorOf(call);
    const found =
      call.input.reverseOrder === true
        ? store.eventsBefore(seq, cursor ?? Number.MAX_SAFE_INTEGER, size + 1)
        : store.eventsAfter(seq, cursor ?? 0, size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      events: page.map((row) => historyEvent(row, call.input.includeExecutionData !== false)),
      ...(found.length > size && last ? { nextToken: nextTokenFor(last.id) } : {}),
    };
  };

  const stop = (call: AwsCall) => {
    const execution = executionOf(call);
    const error = optionalText(call, 'error', 256) ?? null;
    const cause = optionalText(call, 'cause', 32_768) ?? null;
    // Stopping what has ended changes nothing; the answer then says when it ended.
    if (execution.status === 'RUNNING') {
      engine.write(execution.seq, (entry) => {
        entry.end('ABORTED', { error, cause }, entry.execution.lastEvent);
        return [];
      });
    }
    return { stopDate: new Date(executionOf(call).stoppedMs ?? nowMs()) };
  };

  return {
    StartExecution: start,
    DescribeExecution: describe,
    ListExecutions: list,
    GetExecutionHistory: history,
    StopExecution: stop,
  };
};
