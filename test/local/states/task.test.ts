import { describe, expect, it } from 'vitest';
import { task } from './machines.ts';
import { createRig, named } from './rig.ts';

const failing = (...outcomes: (Error | string)[]) => {
  const calls: unknown[] = [];
  return {
    calls,
    invoke: async (_: string, payload: unknown) => {
      calls.push(payload);
      const outcome = outcomes[calls.length - 1] ?? 'done';
      if (typeof outcome !== 'string') throw outcome;
      return outcome;
    },
  };
};

describe('a Lambda task', () => {
  it('gets its payload and gives the result in the shape of lambda:invoke', async () => {
    const rig = createRig({ invoke: async (name, payload) => ({ name, payload }) });
    const end = await rig.run(task({ Output: '{% $states.result %}' }), { id: 'r-1' });
    expect(end.output).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { name: 'work', payload: { id: 'r-1' } },
      StatusCode: 200,
    });
  });

  it('that returns nothing has a null payload', async () => {
    expect(await createRig({ invoke: async () => undefined }).run(task())).toMatchObject({ output: null });
  });

  it('leaves the events of the service', async () => {
    const rig = createRig({ invoke: async () => 'done' });
    const end = await rig.run(task());
    expect(await rig.history(String(end.executionArn))).toMatchObject([
      { id: 1, previousEventId: 0, type: 'ExecutionStarted', executionStartedEventDetails: { input: '{}' } },
      { id: 2, previousEventId: 0, type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Work', input: '{}' } },
      {
        id: 3,
        previousEventId: 2,
        type: 'TaskScheduled',
        taskScheduledEventDetails: {
          resourceType: 'lambda',
          resource: 'invoke',
          region: 'us-east-1',
          parameters: '{"FunctionName":"work","Payload":{}}',
        },
      },
      { id: 4, previousEventId: 3, type: 'TaskStarted' },
      { id: 5, previousEventId: 4, type: 'TaskSucceeded', taskSucceededEventDetails: { resource: 'invoke' } },
      {
        id: 6,
        previousEventId: 5,
        type: 'TaskStateExited',
        stateExitedEventDetails: { name: 'Work', output: '"done"' },
      },
      { id: 7, previousEventId: 6, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '"done"' } },
    ]);
  });

  it('fails the execution with the error name and the cause of its function', async () => {
    const end = await createRig({ invoke: failing(named('StoreUnavailable', 'try later')).invoke }).run(task());
    expect(end).toMatchObject({ status: 'FAILED', error: 'StoreUnavailable' });
    expect(JSON.parse(String(end.cause))).toEqual({
      errorType: 'StoreUnavailable',
      errorMessage: 'try later',
      trace: [],
    });
  });
});

describe('retrying', () => {
  it('waits the backoff, tries again without entering the state again, and counts', async () => {
    const { invoke, calls } = failing(named('StoreUnavailable'), named('StoreUnavailable'));
    const rig = createRig({ invoke });
    rig.deploy(
      task({
        Arguments: { FunctionName: 'work', Payload: '{% $states.context.State.RetryCount %}' },
        Retry: [{ ErrorEquals: ['StoreUnavailable'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 2 }],
      }),
    );
    const arn = await rig.start();
    await rig.clock.turn(2999);
    expect(calls).toEqual([0]);
    await rig.clock.turn(1);
    expect(calls).toEqual([0, 1]);
    await rig.clock.turn(6000);
    expect(await rig.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'done' });
    expect(calls).toEqual([0, 1, 2]);
    const attempt = ['TaskScheduled', 'TaskStarted'];
    expect(await rig.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      ...attempt,
      'TaskFailed',
      ...attempt,
      'TaskFailed',
      ...attempt,
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(rig.states.executions()[0]?.statesEntered.map(({ name }) => name)).toEqual(['Work']);
  });

  it('jitters by the injected number', async () => {
    const { invoke, calls } = failing(named('StoreUnavailable'));
    const entropy = { bytes: (count: number) => new Uint8Array(count), unit: () => 0.25, uuid: () => 'u' };
    const rig = createRig({ invoke, entropy });
    rig.deploy(task({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 8, JitterStrategy: 'FULL' }] }));
    await rig.start();
    await rig.clock.turn(1999);
    expect(calls).toHaveLength(1);
    await rig.clock.turn(1);
    expect(calls).toHaveLength(2);
  });

  it('hands over to Catch when the attempts are used up', async () => {
    const rig = createRig({ invoke: failing(named('A'), named('A')).invoke });
    const definition = task({
      Retry: [{ ErrorEquals: ['A'], MaxAttempts: 1 }],
      Catch: [
        { ErrorEquals: ['B'], Next: 'Never' },
        {
          ErrorEquals: ['States.ALL'],
          Next: 'Caught',
          Assign: { error: '{% $states.errorOutput.Error %}' },
          Output: '{% {"id": $states.input.id, "cause": $parse($states.errorOutput.Cause).errorMessage} %}',
        },
      ],
    });
    rig.deploy({
      ...definition,
      States: {
        ...definition.States,
        Never: { Type: 'Fail' },
        Caught: { Type: 'Pass', Output: { error: '{% $error %}', got: '{% $states.input %}' }, End: true },
      },
    });
    const arn = await rig.start({ id: 7 });
    await rig.clock.turn(1000);
    expect(await rig.describe(arn)).toMatchObject({
      status: 'SUCCEEDED',
      output: { error: 'A', got: { id: 7, cause: 'it did not work' } },
    });
  });

  it('covers a failed evaluation of the state, on the way in and on the way out', async () => {
    for (const broken of [
      { Arguments: { FunctionName: 'work', Payload: '{% $states.input.gone %}' } },
      { Output: '{% $states.result.gone %}' },
    ]) {
      const rig = createRig({ invoke: async () => 'done' });
      const definition = task({ ...broken, Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }] });
      const end = await rig.run({ ...definition, States: { ...definition.States, Caught: { Type: 'Succeed' } } });
      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.QueryEvaluationError' } });
    }
  });

  it('fails the execution when the catcher itself cannot be evaluated', async () => {
    const rig = createRig({ invoke: failing(named('A')).invoke });
    const definition = task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught', Output: '{% $gone %}' }] });
    const end = await rig.run({ ...definition, States: { ...definition.States, Caught: { Type: 'Succeed' } } });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('TimeoutSeconds', () => {
  it('ends the task with States.Timeout; what the function returns later changes nothing', async () => {
    let finish = (_: string): void => {};
    const rig = createRig({ invoke: async () => new Promise<string>((done) => (finish = done)) });
    rig.deploy(task({ TimeoutSeconds: '{% $states.input.s %}' }));
    const arn = await rig.start({ s: 5 });
    await rig.clock.turn(5000);
    expect(await rig.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    finish('late');
    await rig.clock.turn(0);
    expect(await rig.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('that is retried invokes again, and only the new attempt counts', async () => {
    const finishes: ((value: string) => void)[] = [];
    const rig = createRig({ invoke: async () => new Promise<string>((done) => finishes.push(done)) });
    rig.deploy(task({ TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] }));
    const arn = await rig.start();
    await rig.clock.turn(6000);
    expect(finishes).toHaveLength(2);
    finishes[0]?.('old');
    await rig.clock.turn(0);
    expect(await rig.describe(arn)).toMatchObject({ status: 'RUNNING' });
    finishes[1]?.('new');
    expect(await rig.ended(arn)).toMatchObject({ output: 'new' });
  });
});
