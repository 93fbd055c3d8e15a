import { describe, expect, it } from 'vitest';
import { createRig, named, type Rig } from './rig.ts';

const invoke = 'arn:aws:states:::lambda:invoke';
const work = (more: object = {}) => ({
  Type: 'Task',
  Resource: invoke,
  Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});
const map = (more: object = {}, state: object = work()) => ({
  StartAt: 'Each',
  States: {
    Each: { Type: 'Map', ItemProcessor: { StartAt: 'One', States: { One: state } }, End: true, ...more },
    Caught: { Type: 'Succeed' },
  },
});
const parallel = (more: object = {}, left: object = work(), right: object = work()) => ({
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Left', States: { Left: left } },
        { StartAt: 'Right', States: { Right: right } },
      ],
      End: true,
      ...more,
    },
    Caught: { Type: 'Succeed' },
  },
});

const typesOf = async (rig: Rig, end: Record<string, unknown>) => rig.types(String(end.executionArn));

describe('Map', () => {
  it('gives the outputs in the order of the items, whatever order they end in', async () => {
    const finish = new Map<unknown, () => void>();
    const rig = createRig({
      invoke: async (_, item) => new Promise((done) => finish.set(item, () => done(Number(item) * 10))),
    });
    rig.deploy(map());
    const arn = await rig.start([1, 2, 3]);
    await rig.clock.turn(0);
    for (const item of [3, 1, 2]) finish.get(item)?.();
    expect(await rig.ended(arn)).toMatchObject({ output: [10, 20, 30] });
  });

  it('never runs more than MaxConcurrency at once, and runs all', async () => {
    let running = 0;
    let most = 0;
    const rig = createRig({
      invoke: async (_, item) => {
        most = Math.max(most, ++running);
        await new Promise((done) => setImmediate(done));
        running--;
        return item;
      },
    });
    const end = await rig.run(map({ MaxConcurrency: 3 }), [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(end.output).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(most).toBe(3);
  });

  it('selects items and shows index and value in the context, also to the states inside', async () => {
    const end = await createRig().run(
      map(
        {
          Items: '{% $states.input.roles %}',
          ItemSelector: { role: '{% $states.context.Map.Item.Value %}', by: '{% $states.input.by %}' },
        },
        {
          Type: 'Pass',
          Output: '{% $states.input.by & $states.input.role & $states.context.Map.Item.Index %}',
          End: true,
        },
      ),
      { roles: ['a', 'b'], by: 'x' },
    );
    expect(end.output).toEqual(['xa0', 'xb1']);
  });

  it('shows its item also to the states of a Parallel inside it', async () => {
    const inner = {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Deep',
          States: { Deep: { Type: 'Pass', Output: '{% $states.context.Map.Item.Value %}', End: true } },
        },
      ],
      End: true,
    };
    expect(await createRig().run(map({}, inner), ['a', 'b'])).toMatchObject({ output: [['a'], ['b']] });
  });

  it('over nothing is an empty list', async () => {
    const rig = createRig();
    const end = await rig.run(map(), []);
    expect(end.output).toEqual([]);
    expect(await typesOf(rig, end)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('refuses items that are no list', async () => {
    expect(await createRig().run(map(), { a: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
    });
  });

  it('fails as a whole with the error of one item, and stops the others', async () => {
    const rig = createRig({
      invoke: async (_, item) => (item === 2 ? Promise.reject(named('Broken')) : new Promise(() => {})),
    });
    const end = await rig.run(map({ Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }] }), [1, 2]);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'Broken' } });
    expect((await typesOf(rig, end)).slice(-9)).toEqual([
      'TaskFailed',
      'MapIterationFailed',
      'TaskStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'MapStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('is retried as a whole', async () => {
    let calls = 0;
    const rig = createRig({
      invoke: async (_, item) => (++calls === 1 ? Promise.reject(named('Broken')) : item),
    });
    rig.deploy(map({ Retry: [{ ErrorEquals: ['Broken'], IntervalSeconds: 1 }] }));
    const arn = await rig.start([1, 2]);
    await rig.clock.turn(1000);
    expect(await rig.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: [1, 2] });
  });
});

describe('Parallel', () => {
  it('gives each branch its input and joins the outputs', async () => {
    const pass = (output: string) => ({ Type: 'Pass', Output: output, End: true });
    const end = await createRig().run(
      parallel(
        { Arguments: { n: '{% $states.input.n + 1 %}' } },
        pass('{% $states.input.n %}'),
        pass('{% -$states.input.n %}'),
      ),
      { n: 1 },
    );
    expect(end.output).toEqual([2, -2]);
  });

  it('lets branches read variables of outside and keeps theirs inside', async () => {
    const end = await createRig().run({
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { outer: 5 }, Next: 'Both' },
        Both: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'Left',
              States: {
                Left: { Type: 'Pass', Assign: { inner: '{% $outer + 1 %}' }, Next: 'Read' },
                Read: { Type: 'Pass', Output: '{% $inner %}', End: true },
              },
            },
          ],
          Next: 'After',
        },
        After: { Type: 'Pass', Output: '{% $exists($inner) %}', Assign: {}, Next: 'Last' },
        Last: { Type: 'Pass', Output: { leaked: '{% $states.input %}', outer: '{% $outer %}' }, End: true },
      },
    });
    expect(end.output).toEqual({ leaked: false, outer: 5 });
  });

  it('fails with the error of a branch, however deep, past a States.ALL where the error is States.Runtime', async () => {
    const runtime = { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Left' }] };
    const definition = parallel({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] });
    const both = definition.States.Both;
    const branches = [{ StartAt: 'Left', States: { Left: runtime, Never: { Type: 'Succeed' } } }];
    const end = await createRig().run({
      ...definition,
      States: { ...definition.States, Both: { ...both, Branches: branches } },
    });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('aborts what waits in the other branch, nested scopes included', async () => {
    const rig = createRig({ invoke: async () => Promise.reject(named('Broken')) });
    const nested = {
      Type: 'Map',
      Items: '{% [1, 2] %}',
      ItemProcessor: { StartAt: 'Deep', States: { Deep: { Type: 'Wait', Seconds: 1000, End: true } } },
      End: true,
    };
    const late = { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 10, Next: 'Right' }, Right: work() } };
    const definition = parallel({}, nested);
    const both = { ...definition.States.Both, Branches: [definition.States.Both.Branches[0], late] };
    rig.deploy({ ...definition, States: { ...definition.States, Both: both } });
    const arn = await rig.start();
    await rig.clock.turn(10_000);
    expect(await rig.describe(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect((await rig.types(arn)).slice(-8)).toEqual([
      'TaskFailed',
      'WaitStateAborted',
      'MapIterationAborted',
      'WaitStateAborted',
      'MapIterationAborted',
      'MapStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
    const over = await rig.history(arn);
    await rig.clock.turn(2_000_000);
    expect(await rig.history(arn)).toEqual(over);
  });
});
