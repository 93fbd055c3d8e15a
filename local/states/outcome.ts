import type { Catcher, ChoiceRule, State } from './definition.ts';
import type { Entropy } from './entropy.ts';
import { evaluate, type Visible } from './expression.ts';
import type { RetryCounts } from './retry.ts';
import { boundedJson } from './state-error.ts';

/** What a thread has to do next, with all it may see. */
export type View = {
  name: string;
  state: State;
  input: unknown;
  variables: Readonly<Record<string, unknown>>;
  /** `$states.context`, without the task token. */
  context: Readonly<Record<string, unknown>>;
  retries: RetryCounts;
  nowMs: number;
  entropy: Entropy;
  /** Entered (or tried again), back with a result, or back with an error. */
  due: { kind: 'entered' } | { kind: 'result'; result?: unknown } | { kind: 'error'; error: string; cause: string };
};

export type Child = {
  branch: number;
  inputJson: string;
  item?: { Index: number; Value: unknown };
};

/** What one step comes to. Nothing has happened yet: the caller commits it. */
export type Outcome =
  | {
      kind: 'task';
      functionName: string;
      /** JSON, with the token in it. */
      payload: string;
      token?: string;
      timeoutSec?: number;
      heartbeatSec?: number;
    }
  | { kind: 'wait'; untilMs: number }
  | { kind: 'fan'; children: readonly Child[]; maxConcurrency: number }
  | { kind: 'leave'; outputJson: string; assigned?: Readonly<Record<string, unknown>>; next?: string }
  | { kind: 'retry'; atMs: number; retries: RetryCounts }
  | { kind: 'fail'; error: string; cause: string };

export const visibleIn = (view: View, more: { result?: unknown; errorOutput?: unknown } = {}): Visible => ({
  states: { input: view.input, context: view.context, ...more },
  variables: view.variables,
  nowMs: view.nowMs,
  entropy: view.entropy,
});

/** Leaves the state by the Assign and Output of `exit`. Both read the variables as they were before. */
export const leave = async (
  exit: { Assign?: Readonly<Record<string, unknown>>; Output?: unknown } | ChoiceRule | Catcher,
  visible: Visible,
  plainOutput: unknown,
  next: string | undefined,
): Promise<Outcome> => {
  const output = exit.Output === undefined ? plainOutput : await evaluate(exit.Output, visible, 'Output');
  const outputJson = boundedJson(output, 'The output');
  const onward = next === undefined ? {} : { next };
  if (exit.Assign === undefined) return { kind: 'leave', outputJson, ...onward };
  const assigned = (await evaluate(exit.Assign, visible, 'Assign')) as Record<string, unknown>;
  boundedJson(assigned, 'What Assign sets');
  return { kind: 'leave', outputJson, assigned, ...onward };
};
