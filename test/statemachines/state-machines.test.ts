import validateAsl from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { errorNames } from '#core/errors.ts';
import { functions } from '#functions/registry.ts';
import { accessRequest } from '#statemachines/access-request.contract.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';

type Handler = { ErrorEquals: string[]; Next?: string; MaxAttempts?: number };
type State = {
  Type: string;
  Comment?: string;
  Resource?: string;
  Arguments?: { FunctionName: string; Payload: Record<string, unknown> };
  TimeoutSeconds?: unknown;
  Retry?: Handler[];
  Catch?: Handler[];
  ItemProcessor?: { States: Record<string, State> };
};

const contracts: Readonly<Record<string, object>> = {
  'access-request': accessRequest,
  'alert-response': alertResponse,
  lockdown,
};
const functionNames = Object.fromEntries(functions.map(({ name }) => [name, name]));
/** With those of a Map, under their own names. */
const statesOf = (states: Record<string, State>): [string, State][] =>
  Object.entries(states).flatMap(([name, state]) => [
    [name, state],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor.States) : []),
  ]);

const machines = Object.entries(stateMachines).map(([name, definition]) => ({
  name,
  definition,
  states: statesOf(definition.States as Record<string, State>),
}));

/** Those that take access away, by hand, so that none drops out unseen: left undone, one would leave access behind. */
const removingTasks: Readonly<Record<string, readonly string[]>> = {
  'access-request': ['RevokeSessions'],
  'alert-response': ['RevokeAlert'],
  lockdown: ['RevokeLocked'],
};
/** Those that wait for people or for the time, likewise. */
const tokenWaits: Readonly<Record<string, readonly string[]>> = {
  'access-request': ['AwaitApproval', 'AwaitEnd'],
  'alert-response': ['AwaitAnswer'],
  lockdown: [],
};
const removesAccess = (state: State): boolean => /\$\{revoke-/.test(state.Arguments?.FunctionName ?? '');

describe.each(machines)('$name', ({ name, definition, states }) => {
  const tasks = states.filter(([, state]) => state.Type === 'Task');

  it('is valid Amazon States Language once its tokens are filled', () => {
    const filled = substitute(definition, functionNames);
    expect(validateAsl(filled as never)).toMatchObject({ isValid: true });
    expect(JSON.stringify(filled)).not.toContain('${');
  });

  it('says of every state what it is for', () => {
    for (const [state, { Comment }] of states)
      expect({ state, Comment }).toEqual({ state, Comment: expect.stringMatching(/\w+ .*\.$/) });
  });

  it('has one contract per task, and only those', () => {
    expect(Object.keys(contracts[name] ?? {}).sort()).toEqual(tasks.map(([task]) => task).sort());
  });

  it('matches only on errors that exist', () => {
    const ours = new Set<string>(errorNames);
    for (const [, state] of tasks) {
      for (const error of [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap((each) => each.ErrorEquals)) {
        expect(/^(States|Lambda)\.\w+$/.test(error) || ours.has(error) ? 'known' : error).toBe('known');
      }
    }
  });

  it('retries and catches everything where access is removed', () => {
    const removing = tasks.filter(([, state]) => removesAccess(state));
    expect(removing.map(([task]) => task)).toEqual(removingTasks[name]);
    for (const [task, { Retry = [], Catch = [] }] of removing) {
      const retry = Retry.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
      const caught = Catch.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
      expect({ task, retries: (retry?.MaxAttempts ?? 0) > 0 }).toEqual({ task, retries: true });
      expect({ task, next: caught?.Next }).toEqual({ task, next: expect.stringMatching(/^Report\w+Failure$/) });
    }
  });

  it('gives every token wait its token and a timeout', () => {
    const waits = tasks.filter(([, each]) => each.Resource?.endsWith('.waitForTaskToken'));
    expect(waits.map(([task]) => task)).toEqual(tokenWaits[name]);
    for (const [task, state] of waits) {
      expect({ task, token: state.Arguments?.Payload.taskToken }).toEqual({
        task,
        token: '{% $states.context.Task.Token %}',
      });
      expect(state.TimeoutSeconds).toBeDefined();
    }
  });
});

it('a gate that cannot be set up is tried again until the request lapses, and nobody is told that it did before', () => {
  const states = stateMachines['access-request'].States as Record<string, State & { Next?: string }>;
  expect(states.AwaitApproval?.Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals, Next])).toEqual([
    [['RequestClosed'], 'Closed'],
    [['States.Timeout'], 'LapseRequest'],
    [['States.ALL'], 'TryApprovalAgain'],
  ]);
  expect(states.TryApprovalAgain).toMatchObject({ Type: 'Wait', Next: 'AwaitApproval' });
});

it('an activation that finds no approval goes back to the wait for the votes, with what the wait needs', () => {
  const states = stateMachines['access-request'].States as Record<string, State>;
  expect(states.ActivateGrant?.Catch?.[0]).toEqual({
    ErrorEquals: ['RequestPending'],
    Output: '{% $states.context.Execution.Input %}',
    Next: 'AwaitApproval',
  });
});

it('every error after the activation of a grant leads to the revocation of its sessions', () => {
  const states = stateMachines['access-request'].States as Record<string, State>;
  for (const task of ['ActivateGrant', 'AwaitEnd']) {
    expect(states[task]?.Catch?.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'RevokeSessions' });
  }
});

describe('substitute', () => {
  it('fills tokens wherever they stand and leaves everything else alone', () => {
    expect(substitute({ a: ['${one}-${two}', 3, null], b: '{% $x %}' }, { one: '1', two: '2' })).toEqual({
      a: ['1-2', 3, null],
      b: '{% $x %}',
    });
  });

  it('names every token that has no value', () => {
    expect(() => substitute(['${one}', '${two}'], {})).toThrow('No value for ${one}, ${two}.');
  });

  it('does not take a value from the prototype', () => {
    expect(() => substitute('${constructor}', {})).toThrow('No value for ${constructor}.');
  });
});
