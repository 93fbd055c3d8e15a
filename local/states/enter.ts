import {
  type ChoiceState,
  type FailState,
  type MapState,
  type TaskState,
  tokenResource,
  type WaitState,
} from './definition.ts';
import { evaluate, evaluateCount } from './expression.ts';
import { leave, type Outcome, type View, visibleIn } from './outcome.ts';
import { boundedJson, errorNames, StateError } from './state-error.ts';
import { newToken } from './tokens.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `name`, `name:alias` or a function's ARN, as Lambda's FunctionName may be. */
const functionNameOf = (given: string): string => {
  const fromArn = /^arn:[^:]*:lambda:[^:]*:\d*:function:([^:]+)/.exec(given)?.[1];
  return fromArn ?? given.split(':')[0] ?? given;
};

const enterTask = async (view: View, state: TaskState): Promise<Outcome> => {
  const token = state.Resource === tokenResource ? newToken(view.entropy) : undefined;
  const context = token === undefined ? view.context : { ...view.context, Task: { Token: token } };
  const given = await evaluate(state.Arguments, visibleIn({ ...view, context }), 'Arguments');
  const { FunctionName: functionName, Payload: payload = {}, ...unknown } = isObject(given) ? given : {};
  if (typeof functionName !== 'string' || Object.keys(unknown).length > 0) {
    throw new StateError(errorNames.runtime, 'Arguments must come to an object of FunctionName and Payload only.');
  }
  const visible = visibleIn(view);
  const seconds = async (field: 'TimeoutSeconds' | 'HeartbeatSeconds'): Promise<number | undefined> =>
    state[field] === undefined ? undefined : evaluateCount(state[field], visible, field, 1);
  const timeoutSec = await seconds('TimeoutSeconds');
  const heartbeatSec = await seconds('HeartbeatSeconds');
  return {
    kind: 'task',
    functionName: functionNameOf(functionName),
    payload: boundedJson(payload, 'The payload'),
    ...(token === undefined ? {} : { token }),
    ...(timeoutSec === undefined ? {} : { timeoutSec }),
    ...(heartbeatSec === undefined ? {} : { heartbeatSec }),
  };
};

const enterChoice = async (view: View, state: ChoiceState): Promise<Outcome> => {
  const visible = visibleIn(view);
  for (const [at, rule] of state.Choices.entries()) {
    const field = `Choices[${at}].Condition`;
    const holds = await evaluate(rule.Condition, visible, field);
    if (typeof holds !== 'boolean') {
      throw new StateError(errorNames.queryEvaluation, `The field '${field}' must come to true or false.`, field);
    }
    if (holds) return leave(rule, visible, view.input, rule.Next);
  }
  // States.NoChoiceMatched is reserved: the service reports this as States.Runtime.
  if (state.Default === undefined)
    throw new StateError(errorNames.runtime, 'No choice matched and there is no Default.');
  return leave(state, visible, view.input, state.Default);
};

const enterWait = async (view: View, state: WaitState): Promise<Outcome> => {
  const visible = visibleIn(view);
  if (state.Timestamp === undefined) {
    const seconds = await evaluateCount(state.Seconds, visible, 'Seconds', 0);
    return { kind: 'wait', untilMs: view.nowMs + seconds * 1000 };
  }
  const timestamp = await evaluate(state.Timestamp, visible, 'Timestamp');
  const untilMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(untilMs)) return { kind: 'wait', untilMs };
  const what = JSON.stringify(timestamp);
  throw new StateError(errorNames.queryEvaluation, `Timestamp ${what} is not an ISO 8601 instant.`, 'Timestamp');
};

const enterFail = async (view: View, state: FailState): Promise<Outcome> => {
  const visible = visibleIn(view);
  const text = async (field: 'Error' | 'Cause'): Promise<string> => {
    const value = await evaluate(state[field] ?? '', visible, field);
    if (typeof value === 'string') return value;
    throw new StateError(errorNames.queryEvaluation, `The field '${field}' must come to a string.`, field);
  };
  return { kind: 'fail', error: await text('Error'), cause: await text('Cause') };
};

const enterMap = async (view: View, state: MapState): Promise<Outcome> => {
  const visible = visibleIn(view);
  const items = state.Items === undefined ? view.input : await evaluate(state.Items, visible, 'Items');
  if (!Array.isArray(items)) throw new StateError(errorNames.queryEvaluation, 'Items must come to an array.', 'Items');
  const maxConcurrency = await evaluateCount(state.MaxConcurrency ?? 0, visible, 'MaxConcurrency', 0);
  const children = [];
  for (const [index, value] of items.entries()) {
    const item = { Index: index, Value: value as unknown };
    const context = { ...view.context, Map: { Item: item } };
    const input: unknown =
      state.ItemSelector === undefined
        ? value
        : await evaluate(state.ItemSelector, visibleIn({ ...view, context }), 'ItemSelector');
    children.push({ branch: 0, inputJson: boundedJson(input, 'The item'), item });
  }
  return { kind: 'fan', children, maxConcurrency };
};

/** What entering a state (or trying it again) comes to. Throws a `StateError`. */
export const enter = async (view: View): Promise<Outcome> => {
  const { state } = view;
  switch (state.Type) {
    case 'Task':
      return enterTask(view, state);
    case 'Choice':
      return enterChoice(view, state);
    case 'Wait':
      return enterWait(view, state);
    case 'Pass':
      return leave(state, visibleIn(view), view.input, state.Next);
    case 'Succeed':
      return leave(state, visibleIn(view), view.input, undefined);
    case 'Fail':
      return enterFail(view, state);
    case 'Parallel': {
      const input =
        state.Arguments === undefined ? view.input : await evaluate(state.Arguments, visibleIn(view), 'Arguments');
      const inputJson = boundedJson(input, 'The input of the branches');
      return { kind: 'fan', children: state.Branches.map((_, branch) => ({ branch, inputJson })), maxConcurrency: 0 };
    }
    case 'Map':
      return enterMap(view, state);
  }
};
