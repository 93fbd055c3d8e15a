/** The part of the Amazon States Language that the interpreter runs (JSONata only). `check` refuses everything else. */

export type Retrier = {
  ErrorEquals: readonly string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL' | 'NONE';
};

/** What a state, a choice rule or a catcher does with data on the way out. */
type Exit = { Assign?: Readonly<Record<string, unknown>>; Output?: unknown };

export type Catcher = Exit & { ErrorEquals: readonly string[]; Next: string };

type Onward = Exit & { Next?: string; End?: true };
type Recovering = Onward & { Retry?: readonly Retrier[]; Catch?: readonly Catcher[] };

export const invokeResource = 'arn:aws:states:::lambda:invoke';
export const tokenResource = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

export type TaskState = Recovering & {
  Type: 'Task';
  Resource: typeof invokeResource | typeof tokenResource;
  Arguments: unknown;
  TimeoutSeconds?: number | string;
  HeartbeatSeconds?: number | string;
};
export type ChoiceRule = Exit & { Condition: unknown; Next: string };
export type ChoiceState = Exit & { Type: 'Choice'; Choices: readonly ChoiceRule[]; Default?: string };
export type WaitState = Onward & { Type: 'Wait'; Seconds?: number | string; Timestamp?: string };
export type PassState = Onward & { Type: 'Pass' };
export type SucceedState = { Type: 'Succeed'; Output?: unknown };
export type FailState = { Type: 'Fail'; Error?: string; Cause?: string };
export type ParallelState = Recovering & { Type: 'Parallel'; Branches: readonly Scope[]; Arguments?: unknown };
export type MapState = Recovering & {
  Type: 'Map';
  ItemProcessor: Scope;
  Items?: unknown;
  ItemSelector?: unknown;
  MaxConcurrency?: number | string;
};

export type State =
  | TaskState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** A machine, a Parallel branch or a Map's item processor: states that lead to each other and to no others. */
export type Scope = { StartAt: string; States: Readonly<Record<string, State>> };

export type Definition = Scope & { QueryLanguage: 'JSONata'; TimeoutSeconds?: number; Comment?: string };

/** The way from the machine to a nested scope: the states passed, each with the branch taken (0 for a Map). */
export type ScopePath = readonly (readonly [state: string, branch: number])[];

/** The scope at `path`. Throws if the definition has none: it is then not the one the execution started with. */
export const scopeAt = (definition: Definition, path: ScopePath): Scope => {
  let scope: Scope = definition;
  for (const [name, branch] of path) {
    const state = scope.States[name];
    const inner =
      state?.Type === 'Parallel' ? state.Branches[branch] : state?.Type === 'Map' ? state.ItemProcessor : undefined;
    if (!inner) throw new Error(`The definition has no scope at ${JSON.stringify(path)}.`);
    scope = inner;
  }
  return scope;
};
