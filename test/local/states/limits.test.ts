import { describe, expect, it } from 'vitest';
import { task } from './machines.ts';
import { createRig } from './rig.ts';

const caught = (definition: { StartAt: string; States: Record<string, object> }, errorEquals: string) => {
  const [first = '', state = {}] = Object.entries(definition.States)[0] ?? [];
  const Catch = [{ ErrorEquals: [errorEquals], Next: 'Caught' }];
  return {
    ...definition,
    States: { [first]: { ...state, Catch }, Caught: { Type: 'Pass', Output: 'caught', End: true } },
  };
};

describe('256 KiB', () => {
  it('is the largest result of a task; more is States.DataLimitExceeded, which States.ALL does not catch', async () => {
    const rig = createRig({ invoke: async () => 'x'.repeat(262_144) });
    const end = await rig.run(caught(task(), 'States.ALL'));
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('is caught by its own name', async () => {
    const rig = createRig({ invoke: async () => 'x'.repeat(262_144) });
    expect(await rig.run(caught(task(), 'States.DataLimitExceeded'))).toMatchObject({ output: 'caught' });
  });

  it('is the largest output, in bytes of UTF-8', async () => {
    const output = (chars: number) => ({
      StartAt: 'Grow',
      States: { Grow: { Type: 'Pass', Output: `{% $pad("", ${chars}, "é") %}`, End: true } },
    });
    // Two bytes each, and two quotes.
    expect(await createRig().run(output(131_071))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await createRig().run(output(131_072))).toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});

describe('25,000 events', () => {
  it('are where an endless machine fails, without ever keeping the process from other work', async () => {
    const rig = createRig();
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    count();
    rig.deploy({
      StartAt: 'Ping',
      States: {
        Ping: { Type: 'Pass', Next: 'Pong' },
        Pong: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.stop = true %}', Next: 'Done' }],
          Default: 'Ping',
        },
        Done: { Type: 'Succeed' },
      },
    });
    const arn = await rig.start();
    const end = await rig.ended(arn);
    counting = false;
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const { events } = await rig.call('GetExecutionHistory', { executionArn: arn, reverseOrder: true, maxResults: 1 });
    const [last] = events as { id: number; type: string }[];
    expect(last?.type).toBe('ExecutionFailed');
    // A transition is committed whole, so the last one that fits may end a few events short.
    expect(last?.id).toBeGreaterThan(24_990);
    expect(last?.id).toBeLessThanOrEqual(25_000);
    expect(turns).toBeGreaterThan(100);
  });
});
