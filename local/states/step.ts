import { enter } from './enter.ts';
import { leave, type Outcome, type View, visibleIn } from './outcome.ts';
import { matches, nextRetry } from './retry.ts';
import { errorNames, StateError } from './state-error.ts';

/** The outcome, and the failed evaluation that history notes before it. */
export type Step = { outcome: Outcome; failedEvaluation?: StateError };

const finish = (view: View, result: unknown): Promise<Outcome> => {
  const { state, input } = view;
  switch (state.Type) {
    case 'Task':
    case 'Parallel':
    case 'Map':
      return leave(state, visibleIn(view, { result }), result, state.Next);
    case 'Wait':
      return leave(state, visibleIn(view), input, state.Next);
    default:
      throw new StateError(errorNames.runtime, `A ${state.Type} state has no result.`);
  }
};

const recover = async (view: View, failure: StateError): Promise<Outcome> => {
  const { state } = view;
  const { error, cause } = failure;
  if (state.Type !== 'Task' && state.Type !== 'Parallel' && state.Type !== 'Map') return { kind: 'fail', error, cause };
  const again = nextRetry(state.Retry, view.retries, error, view.entropy.unit);
  if (again) return { kind: 'retry', atMs: view.nowMs + again.delayMs, retries: again.counts };
  const catcher = state.Catch?.find((candidate) => matches(candidate.ErrorEquals, error));
  if (!catcher) return { kind: 'fail', error, cause };
  const errorOutput = { Error: error, Cause: cause };
  return leave(catcher, visibleIn(view, { errorOutput }), errorOutput, catcher.Next);
};

const asStateError = (error: unknown): StateError =>
  error instanceof StateError ? error : new StateError(errorNames.runtime, String(error));

const noted = (outcome: Outcome, failure: StateError): Step =>
  failure.field === undefined ? { outcome } : { outcome, failedEvaluation: failure };

/** One step of one thread: enters the state, leaves it with a result, or recovers from an error. Never rejects. */
export const step = async (view: View): Promise<Step> => {
  let failure: StateError;
  try {
    const { due } = view;
    if (due.kind === 'entered') return { outcome: await enter(view) };
    if (due.kind === 'result') return { outcome: await finish(view, due.result) };
    failure = new StateError(due.error, due.cause);
  } catch (error) {
    failure = asStateError(error);
  }
  try {
    return noted(await recover(view, failure), failure);
  } catch (error) {
    const second = asStateError(error);
    return noted({ kind: 'fail', error: second.error, cause: second.cause }, second);
  }
};
