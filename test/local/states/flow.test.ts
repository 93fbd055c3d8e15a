import { describe, expect, it } from 'vitest';
import { createRig } from './rig.ts';

const scope = (states: Record<string, object>) => ({ StartAt: Object.keys(states)[0] ?? '', States: states });

describe('states that only move data', () => {
  it('Assign and Output both see the variables as they were before', async () => {
    const end = await createRig().run(
      scope({
        One: { Type: 'Pass', Assign: { x: 1 }, Next: 'Two' },
        Two: { Type: 'Pass', Assign: { x: '{% $x + 1 %}', y: '{% $x %}' }, Output: { old: '{% $x %}' }, Next: 'Three' },
        Three: { Type: 'Succeed', Output: { x: '{% $x %}', y: '{% $y %}', from: '{% $states.input.old %}' } },
      }),
    );
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { x: 2, y: 1, from: 1 } });
  });

  it('a choice takes the first rule that holds, with its own Assign and Output', async () => {
    const states = scope({
      Which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'Done', Output: 'big', Assign: { seen: 'rule 1' } },
          { Condition: '{% $states.input.n > 5 %}', Next: 'Done', Output: 'middle', Assign: { seen: 'rule 2' } },
        ],
        Default: 'Done',
        Assign: { seen: 'default' },
      },
      Done: { Type: 'Pass', Output: { seen: '{% $seen %}', got: '{% $states.input %}' }, End: true },
    });
    expect(await createRig().run(states, { n: 20 })).toMatchObject({ output: { seen: 'rule 1', got: 'big' } });
    expect(await createRig().run(states, { n: 7 })).toMatchObject({ output: { seen: 'rule 2', got: 'middle' } });
    expect(await createRig().run(states, { n: 1 })).toMatchObject({ output: { seen: 'default', got: { n: 1 } } });
  });

  it('a choice that nothing matches fails the execution with States.Runtime', async () => {
    const end = await createRig().run(
      scope({
        Which: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Done' }] },
        Done: { Type: 'Succeed' },
      }),
    );
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('a condition that is neither true nor false fails the execution, and history says where', async () => {
    const rig = createRig();
    const end = await rig.run(
      scope({
        Which: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'Done' }], Default: 'Done' },
        Done: { Type: 'Succeed' },
      }),
    );
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect((await rig.history(String(end.executionArn)))[2]).toMatchObject({
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { location: 'Choices[0].Condition', state: 'Which' },
    });
  });

  it('Fail ends the execution with the error and cause it computes', async () => {
    const end = await createRig().run(
      scope({ No: { Type: 'Fail', Error: '{% $states.input.name %}', Cause: '{% "because " & $states.input.why %}' } }),
      { name: 'RequestLapsed', why: 'nobody answered' },
    );
    expect(end).toMatchObject({ status: 'FAILED', error: 'RequestLapsed', cause: 'because nobody answered' });
  });

  it('the context tells execution, state and machine', async () => {
    const end = await createRig().run(scope({ Who: { Type: 'Pass', Output: '{% $states.context %}', End: true } }), {
      a: 1,
    });
    expect(end.output).toEqual({
      Execution: {
        Id: 'arn:aws:states:us-east-1:111111111111:execution:machine:run',
        Name: 'run',
        Input: { a: 1 },
        StartTime: '2026-11-22T10:00:00.000Z',
        RedriveCount: 0,
      },
      State: { Name: 'Who', EnteredTime: '2026-11-22T10:00:00.000Z', RetryCount: 0 },
      StateMachine: { Id: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine', Name: 'machine' },
    });
  });
});

describe('waiting', () => {
  it('Seconds end when they have passed, not before', async () => {
    const rig = createRig();
    rig.deploy(scope({ Wait: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } }));
    const arn = await rig.start({ s: 20 });
    await rig.clock.turn(19_999);
    expect(await rig.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await rig.clock.turn(1);
    expect(await rig.describe(arn)).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: new Date('2026-11-22T10:00:20.000Z'),
    });
  });

  it('a Timestamp that has passed, and zero seconds, do not wait', async () => {
    for (const wait of [{ Timestamp: '2026-11-22T09:00:00Z' }, { Seconds: 0 }]) {
      expect(await createRig().run(scope({ Wait: { Type: 'Wait', ...wait, End: true } }))).toMatchObject({
        status: 'SUCCEEDED',
        stopDate: new Date('2026-11-22T10:00:00.000Z'),
      });
    }
  });

  it('a wait of years is one timer away, and so are ten thousand of them', async () => {
    const rig = createRig();
    rig.deploy(scope({ Wait: { Type: 'Wait', Timestamp: '{% $states.input %}', End: true } }));
    for (let n = 0; n < 10_000; n++) await rig.start('2036-01-01T00:00:00Z', `run-${n}`);
    const soon = await rig.start('2026-11-22T10:00:01Z', 'soon');
    let timers = 0;
    await rig.clock.turn(1000);
    const unarmed = rig.clock.at;
    rig.clock.at = (atMs, run) => {
      timers++;
      return unarmed(atMs, run);
    };
    expect(await rig.describe(soon)).toMatchObject({ status: 'SUCCEEDED' });
    await rig.clock.turn(86_400_000);
    expect(timers).toBe(0);
    expect(await rig.describe(soon.replace('soon', 'run-9999'))).toMatchObject({ status: 'RUNNING' });
  });

  it("the machine's own timeout ends the execution as TIMED_OUT", async () => {
    const rig = createRig();
    rig.deploy({ ...scope({ Wait: { Type: 'Wait', Seconds: 100, End: true } }), TimeoutSeconds: 10 });
    const arn = await rig.start();
    await rig.clock.turn(10_000);
    expect(await rig.describe(arn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(await rig.types(arn)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
  });
});
