import { describe, expect, it } from 'vitest';
import { approval } from './machines.ts';
import { createRig, executionArn, machineArn } from './rig.ts';

const waiting = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } };
const passing = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } };

const waitingRig = () => {
  const rig = createRig();
  rig.deploy(waiting);
  return rig;
};
const started = { stateMachineArn: machineArn('machine'), name: 'run', input: '{"a":1}' };

describe('StartExecution', () => {
  it('again with the same input is the same execution while it runs', async () => {
    const rig = waitingRig();
    const first = await rig.call('StartExecution', started);
    await rig.clock.turn(5000);
    expect(await rig.call('StartExecution', started)).toEqual(first);
    expect(first).toEqual({
      executionArn: executionArn('machine', 'run'),
      startDate: new Date('2026-11-22T10:00:00.000Z'),
    });
    expect(rig.states.executions()).toHaveLength(1);
  });

  it('again with another input, or after the end, is ExecutionAlreadyExists', async () => {
    const rig = waitingRig();
    await rig.call('StartExecution', started);
    const other = rig.call('StartExecution', { ...started, input: '{}' });
    await expect(other).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await rig.clock.turn(0);
    await rig.clock.turn(60_000);
    await expect(rig.call('StartExecution', started)).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it.each([
    ['an unknown machine', { stateMachineArn: machineArn('gone') }, 'StateMachineDoesNotExist'],
    ['what is no ARN', { stateMachineArn: 'machine' }, 'InvalidArn'],
    ['no machine', { stateMachineArn: undefined }, 'ValidationException'],
    [
      'a machine of another account',
      { stateMachineArn: machineArn('machine').replace('1111', '2222') },
      'AccessDeniedException',
    ],
    ['a name with a colon', { name: 'a:b' }, 'InvalidName'],
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['a name that is too long', { name: 'a'.repeat(81) }, 'InvalidName'],
    ['input that is not JSON', { input: '{' }, 'InvalidExecutionInput'],
    ['input above 256 KiB', { input: `"${'x'.repeat(262_143)}"` }, 'InvalidExecutionInput'],
  ])('refuses %s', async (_, change, code) => {
    await expect(waitingRig().call('StartExecution', { ...started, ...change })).rejects.toMatchObject({ code });
  });

  it('names the execution itself where nobody does', async () => {
    const { executionArn: arn } = await waitingRig().call('StartExecution', { stateMachineArn: machineArn('machine') });
    expect(arn).toMatch(/:execution:machine:[0-9a-f-]{36}$/);
  });
});

describe('the other actions', () => {
  it('StopExecution aborts, and a second stop changes nothing', async () => {
    const rig = waitingRig();
    const arn = await rig.start();
    await rig.clock.turn(1000);
    const stop = { executionArn: arn, error: 'Cancelled', cause: 'no longer needed' };
    const stopDate = new Date('2026-11-22T10:00:01.000Z');
    expect(await rig.call('StopExecution', stop)).toEqual({ stopDate });
    await rig.clock.turn(1000);
    expect(await rig.call('StopExecution', { executionArn: arn, error: 'Other' })).toEqual({ stopDate });
    expect(await rig.describe(arn)).toMatchObject({
      status: 'ABORTED',
      error: 'Cancelled',
      cause: 'no longer needed',
      stopDate,
    });
    expect(await rig.types(arn)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  });

  it('ListExecutions pages newest first and filters by status', async () => {
    const rig = waitingRig();
    for (const name of ['a', 'b', 'c', 'd']) await rig.start({}, name);
    await rig.call('StopExecution', { executionArn: executionArn('machine', 'b') });
    const list = async (more: object) =>
      (await rig.call('ListExecutions', { stateMachineArn: machineArn('machine'), ...more })) as {
        executions: { name: string }[];
        nextToken?: string;
      };
    const first = await list({ maxResults: 3 });
    expect(first.executions.map(({ name }) => name)).toEqual(['d', 'c', 'b']);
    const second = await list({ maxResults: 3, nextToken: first.nextToken });
    expect(second).toMatchObject({ executions: [{ name: 'a' }] });
    expect(second.nextToken).toBeUndefined();
    expect((await list({ statusFilter: 'ABORTED' })).executions.map(({ name }) => name)).toEqual(['b']);
    await expect(list({ statusFilter: 'DONE' })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(list({ nextToken: 'forged' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('GetExecutionHistory pages both ways and leaves data out when asked to', async () => {
    const rig = createRig();
    rig.deploy(passing);
    const arn = await rig.start({ secretive: 1 });
    const page = async (more: object) =>
      (await rig.call('GetExecutionHistory', { executionArn: arn, ...more })) as {
        events: { id: number }[];
        nextToken?: string;
      };
    const ids = async (more: object) => {
      const found: number[] = [];
      for (let next: string | undefined, more_ = true; more_; ) {
        const { events, nextToken } = await page({ ...more, maxResults: 3, ...(next ? { nextToken: next } : {}) });
        found.push(...events.map(({ id }) => id));
        next = nextToken;
        more_ = nextToken !== undefined;
      }
      return found;
    };
    expect(await ids({})).toEqual([1, 2, 3, 4]);
    expect(await ids({ reverseOrder: true })).toEqual([4, 3, 2, 1]);
    expect(JSON.stringify(await page({}))).toContain('secretive');
    expect(JSON.stringify(await page({ includeExecutionData: false }))).not.toContain('secretive');
  });

  it('DescribeExecution can leave the data out', async () => {
    const rig = createRig();
    const { executionArn: arn } = await rig.run(passing, { a: 1 });
    expect(await rig.call('DescribeExecution', { executionArn: arn })).toMatchObject({
      input: '{"a":1}',
      output: '{"a":1}',
    });
    const metadata = await rig.call('DescribeExecution', { executionArn: arn, includedData: 'METADATA_ONLY' });
    expect(metadata).not.toHaveProperty('input');
    expect(metadata).not.toHaveProperty('output');
  });

  it('say ExecutionDoesNotExist of what does not', async () => {
    const rig = waitingRig();
    for (const action of ['DescribeExecution', 'GetExecutionHistory', 'StopExecution']) {
      const call = rig.call(action, { executionArn: executionArn('machine', 'gone') });
      await expect(call).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
    }
  });

  it('list and describe the machines of the account', async () => {
    const rig = waitingRig();
    rig.deploy(passing, 'another');
    const { stateMachines } = await rig.call('ListStateMachines', {});
    expect(stateMachines).toMatchObject([{ name: 'another', type: 'STANDARD' }, { name: 'machine' }]);
    const { definition } = await rig.call('DescribeStateMachine', { stateMachineArn: machineArn('another') });
    expect(JSON.parse(String(definition))).toEqual({ QueryLanguage: 'JSONata', ...passing });
    expect(await rig.call('ListStateMachines', {}, '222222222222')).toEqual({ stateMachines: [] });
  });

  it('that are not implemented are refused by name', async () => {
    await expect(createRig().call('RedriveExecution', {})).rejects.toThrow(/does not implement RedriveExecution/);
    await expect(createRig().call('constructor', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });
});

describe('what IAM is asked', () => {
  it.each([
    ['StartExecution', { stateMachineArn: machineArn('machine') }, machineArn('machine')],
    ['DescribeExecution', { executionArn: executionArn('machine', 'run') }, executionArn('machine', 'run')],
    ['ListStateMachines', {}, '*'],
  ])('%s is asked on its resource', (action, input, resource) => {
    const { service } = createRig().states;
    const call = { action, input } as unknown as Parameters<typeof service.needs>[0];
    expect(service.needs(call)).toEqual([{ action: `states:${action}`, resource }]);
  });

  it.each(['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'])(
    '%s is asked on the state machine that the task is of, and on nothing for a token that is nobody’s',
    async (action) => {
      const tokens: string[] = [];
      const rig = createRig({
        invoke: async (_, payload) => void tokens.push(String((payload as { token: unknown }).token)),
      });
      rig.deploy(approval());
      await rig.start({ id: 'r-1' });
      const needsFor = (taskToken: unknown) => {
        const call = { action, input: { taskToken } } as unknown as Parameters<typeof rig.states.service.needs>[0];
        return rig.states.service.needs(call);
      };
      expect(needsFor(tokens[0])).toEqual([{ action: `states:${action}`, resource: machineArn('machine') }]);
      expect(needsFor('forged')).toEqual([]);
      expect(needsFor(undefined)).toEqual([]);
    },
  );
});

describe('status events', () => {
  it('tell the start and the end, in the shape of EventBridge', async () => {
    const rig = createRig();
    await rig.run(passing, { a: 1 });
    await rig.states.stop();
    const common = {
      version: '0',
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      account: '111111111111',
      region: 'us-east-1',
      time: '2026-11-22T10:00:00Z',
      resources: [executionArn('machine', 'run')],
    };
    const detail = {
      executionArn: executionArn('machine', 'run'),
      stateMachineArn: machineArn('machine'),
      name: 'run',
      startDate: 1795341600000,
      input: '{"a":1}',
    };
    expect(rig.published).toMatchObject([
      { ...common, detail: { ...detail, status: 'RUNNING', stopDate: null, output: null } },
      { ...common, detail: { ...detail, status: 'SUCCEEDED', stopDate: 1795341600000, output: '{"a":1}' } },
    ]);
  });

  it('that nobody takes are kept, in order, until somebody does', async () => {
    let refuse = true;
    const rig = createRig({ publish: () => (refuse ? Promise.reject(new Error('no bus')) : undefined) });
    rig.deploy(passing);
    const arn = await rig.start();
    expect(rig.published).toEqual([]);
    refuse = false;
    await rig.clock.turn(5000);
    expect(rig.published.map(({ detail }) => [detail.executionArn, detail.status])).toEqual([
      [arn, 'RUNNING'],
      [arn, 'SUCCEEDED'],
    ]);
  });
});

describe('the page', () => {
  it('lists newest first with the states entered', async () => {
    const rig = waitingRig();
    await rig.start({}, 'older');
    await rig.clock.turn(60_000);
    await rig.start({}, 'newer');
    expect(rig.states.executions()).toMatchObject([
      { name: 'newer', machine: 'machine', status: 'RUNNING', state: 'Wait', startedAt: '2026-11-22T10:01:00.000Z' },
      { name: 'older', status: 'SUCCEEDED', stoppedAt: '2026-11-22T10:01:00.000Z', statesEntered: [{ name: 'Wait' }] },
    ]);
  });
});
