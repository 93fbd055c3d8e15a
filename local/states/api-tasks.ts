import { accountOfArn } from '#core/aws-arn.ts';
import { type AwsCall, AwsError } from '#local/aws/service.ts';
import { optionalText, requiredText } from './api-input.ts';
import type { Engine } from './engine.ts';
import type { Entry, Woken } from './journal.ts';
import type { Thread } from './rows.ts';
import { errorNames, payloadLimitBytes } from './state-error.ts';
import type { Store } from './store.ts';
import { dueOf, taskFailed, taskSucceeded, workOf } from './task.ts';
import { isWellFormedToken, tokenHash, withholdToken } from './tokens.ts';

const invalidToken = (): AwsError => new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
const closedTask = (): AwsError =>
  new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");

/**
 * The state machine that a waiting task belongs to, which is what IAM is asked about: the Service Authorization
 * Reference names no resource for `SendTask…`, but AWS refuses them on the machine's ARN, and CDK's `grantTaskResponse`
 * grants them there (github.com/aws/aws-cdk/pull/8486). `undefined` for a token that no task waits for: that is refused
 * without asking.
 */
export const machineOfTask = (store: Store, token: unknown): string | undefined => {
  const threadId = isWellFormedToken(token) ? store.token(tokenHash(token))?.thread : undefined;
  const thread = typeof threadId === 'number' ? store.thread(threadId) : undefined;
  const arn = thread && store.execution(thread.execution)?.arn;
  return arn?.replace(':execution:', ':stateMachine:').split(':').slice(0, 7).join(':');
};

/**
 * SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
export const taskActions = (store: Store, engine: Engine, nowMs: () => number) => {
  /** Applies an answer to the task that the token stands for; durable when this returns. */
  const answer = (call: AwsCall, settle: (entry: Entry, thread: Thread) => Woken): Record<string, unknown> => {
    const token = requiredText(call, 'taskToken');
    const known = isWellFormedToken(token) ? store.token(tokenHash(token)) : undefined;
    if (!known) throw invalidToken();
    const thread = known.thread === null ? undefined : store.thread(known.thread);
    if (!thread) throw closedTask();
    const account = accountOfArn(store.execution(thread.execution)?.arn ?? '');
    if (account !== call.caller.accountId) throw invalidToken();
    if (thread.dueMs !== null && thread.dueMs <= nowMs()) {
      engine.expire(thread);
      throw closedTask();
    }
    engine.write(thread.execution, (entry) => settle(entry, thread));
    return {};
  };

  const outputOf = (call: AwsCall): string => {
    const output = requiredText(call, 'output');
    const bytes = Buffer.byteLength(output);
    if (bytes > payloadLimitBytes) {
      throw new AwsError('InvalidOutput', `Invalid Output: ${bytes} bytes, the limit is ${payloadLimitBytes}.`);
    }
    try {
      return JSON.stringify(JSON.parse(output));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AwsError('InvalidOutput', `Invalid Output: not JSON: ${why}`);
    }
  };

  /** A token that its holder sends back as data would otherwise show up in history. */
  const withhold = (text: string, call: AwsCall): string => withholdToken(text, requiredText(call, 'taskToken'));

  const succeed = (call: AwsCall) => {
    requiredText(call, 'taskToken');
    const output = withhold(outputOf(call), call);
    return answer(call, (entry, thread) => taskSucceeded(entry, thread, output));
  };
  const fail = (call: AwsCall) => {
    const error = withhold(optionalText(call, 'error', 256) ?? errorNames.taskFailed, call);
    const cause = withhold(optionalText(call, 'cause', 32_768) ?? '', call);
    return answer(call, (entry, thread) => taskFailed(entry, thread, error, cause));
  };
  const beat = (call: AwsCall) =>
    answer(call, (entry, thread) => {
      const work = workOf(thread);
      if (work.heartbeatSec === undefined) return [];
      const beaten = { ...work, heartbeatAtMs: entry.nowMs + work.heartbeatSec * 1000 };
      // Not a step of the thread: an invocation that is under way stays the current one.
      store.saveThread({ ...thread, work: JSON.stringify(beaten), dueMs: dueOf(beaten) });
      return [];
    });

  return {
    SendTaskSuccess: succeed,
    SendTaskFailure: fail,
    SendTaskHeartbeat: beat,
  };
};
