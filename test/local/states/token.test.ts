import { describe, expect, it } from 'vitest';
import { approval } from './machines.ts';
import { createRig, named, type Rig } from './rig.ts';

/** A function that keeps the tokens it is given. */
const keeper = () => {
  const tokens: string[] = [];
  const invoke = async (_: string, payload: unknown): Promise<unknown> => {
    tokens.push(String((payload as { token: unknown }).token));
    return { asked: payload };
  };
  return { tokens, invoke, last: () => tokens.at(-1) ?? '' };
};

const succeed = (rig: Rig, taskToken: string, output: unknown = { approved: true }) =>
  rig.call('SendTaskSuccess', { taskToken, output: JSON.stringify(output) });

describe('a task token wait', () => {
  it('ends with the output that is sent for the token', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval());
    const arn = await rig.start({ id: 'r-1' });
    expect(await rig.describe(arn)).toMatchObject({ status: 'RUNNING' });
    expect(await succeed(rig, last(), { approvedBy: 'bob' })).toEqual({});
    expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: { approvedBy: 'bob' } });
    expect(await rig.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('takes an answer that comes before its function has returned', async () => {
    let early: Promise<unknown> | undefined;
    const rig = createRig({
      invoke: async (_, payload) => {
        early = succeed(rig, String((payload as { token: unknown }).token), 'early');
        await early;
        return 'asked';
      },
    });
    expect(await rig.run(approval(), { id: 'r-1' })).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
    await expect(early).resolves.toEqual({});
  });

  it('fails with what SendTaskFailure says, for Catch to match', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    const definition = approval({ Catch: [{ ErrorEquals: ['Denied'], Next: 'Over' }] });
    rig.deploy({ ...definition, States: { ...definition.States, Over: { Type: 'Succeed' } } });
    const arn = await rig.start({ id: 'r-1' });
    await rig.call('SendTaskFailure', { taskToken: last(), error: 'Denied', cause: 'not today' });
    expect(await rig.ended(arn)).toMatchObject({ output: { Error: 'Denied', Cause: 'not today' } });
  });

  it('fails at once when its function fails', async () => {
    const rig = createRig({ invoke: async () => Promise.reject(named('SlackUnavailable')) });
    expect(await rig.run(approval(), { id: 'r-1' })).toMatchObject({ status: 'FAILED', error: 'SlackUnavailable' });
  });

  it('times out; the token is closed then, and a retry has a new one', async () => {
    const { invoke, tokens } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval({ Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }] }));
    const arn = await rig.start({ id: 'r-1' });
    await rig.clock.turn(3_600_000 + 1000);
    const [first = '', second = ''] = tokens;
    expect(first).not.toBe(second);
    await expect(succeed(rig, first)).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await succeed(rig, second);
    expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('lives by heartbeats: each gives it another HeartbeatSeconds, silence is States.HeartbeatTimeout', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval({ HeartbeatSeconds: 60 }));
    const arn = await rig.start({ id: 'r-1' });
    for (let beat = 0; beat < 3; beat++) {
      await rig.clock.turn(59_000);
      await rig.call('SendTaskHeartbeat', { taskToken: last() });
    }
    await rig.clock.turn(59_999);
    expect(await rig.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await rig.clock.turn(1);
    expect(await rig.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
  });
});

describe('tokens', () => {
  it.each([
    ['answered', (rig: Rig, token: string) => succeed(rig, token)],
    [
      'stopped',
      (rig: Rig) =>
        rig.call('StopExecution', { executionArn: 'arn:aws:states:us-east-1:111111111111:execution:machine:run' }),
    ],
  ])('are closed once the task is %s', async (_, end) => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval());
    await rig.start({ id: 'r-1' });
    await end(rig, last());
    for (const action of ['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat']) {
      await expect(rig.call(action, { taskToken: last(), output: '{}' })).rejects.toMatchObject({
        code: 'TaskTimedOut',
      });
    }
  });

  it.each([['malformed'], ['A'.repeat(64)]])('that were never given out are InvalidToken: %s', async (token) => {
    await expect(succeed(createRig(), token)).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('are refused from another account', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval());
    await rig.start({ id: 'r-1' });
    const foreign = rig.call('SendTaskSuccess', { taskToken: last(), output: '{}' }, '222222222222');
    await expect(foreign).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('never show in an API answer, a status event or a page, whoever echoes them', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    const definition = approval({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Over' }] });
    rig.deploy({ ...definition, States: { ...definition.States, Over: { Type: 'Succeed' } } });
    const arn = await rig.start({ id: 'r-1' });
    const shown = async () =>
      JSON.stringify([
        await rig.history(arn),
        await rig.call('DescribeExecution', { executionArn: arn }),
        rig.published,
        rig.states.executions(),
      ]);
    expect(await shown()).not.toContain(last());
    expect(await shown()).toContain('(task token withheld)');
    await rig.call('SendTaskFailure', { taskToken: last(), error: 'Echo', cause: `you sent ${last()}` });
    await rig.ended(arn);
    expect(await shown()).not.toContain(last());
  });

  it('leave the database once the function has been asked: what stays cannot be answered with', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval());
    await rig.start({ id: 'r-1' });
    const tables = rig.db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'states_%'").all();
    const rows = tables.flatMap(({ name }) => rig.db.prepare(`SELECT * FROM ${name}`).all());
    expect(rows.length).toBeGreaterThan(5);
    expect(JSON.stringify(rows)).not.toContain(last());
  });

  it('need an output that is JSON and no larger than 256 KiB', async () => {
    const { invoke, last } = keeper();
    const rig = createRig({ invoke });
    rig.deploy(approval());
    await rig.start({ id: 'r-1' });
    for (const output of ['{', `"${'x'.repeat(262_143)}"`]) {
      const sent = rig.call('SendTaskSuccess', { taskToken: last(), output });
      await expect(sent).rejects.toMatchObject({ code: 'InvalidOutput' });
    }
  });
});
