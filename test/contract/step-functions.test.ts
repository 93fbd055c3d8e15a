import { DatabaseSync } from 'node:sqlite';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#local/clock.ts';
import { createStates, type States } from '#local/states/states.ts';
import type { StatusEvent } from '#local/states/status-event.ts';
import { type IdentityStack, smallWorld, startIdentity } from '#test/local/aws/sts/identity-stack.ts';
import { approval, task } from '#test/local/states/machines.ts';

const stateMachineArn = (name: string): string => `arn:aws:states:us-east-1:111111111111:stateMachine:${name}`;

let db: DatabaseSync;
let states: States;
let stack: IdentityStack;
let client: SFNClient;
const clock = systemClock();
const tokens: string[] = [];
let ended: (event: StatusEvent) => void;
let end: Promise<StatusEvent>;

beforeEach(async () => {
  db = new DatabaseSync(':memory:');
  tokens.length = 0;
  end = new Promise((done) => {
    ended = done;
  });
  states = createStates({
    db,
    clock,
    region: 'us-east-1',
    invoke: async (name, payload) => {
      if (name === 'ask') tokens.push(String((payload as { token: unknown }).token));
      return { name, payload };
    },
    publish: (event) => {
      if (event.detail.status !== 'RUNNING') ended(event);
    },
  });
  states.deploy({ name: 'task', accountId: '111111111111', definition: task() });
  states.deploy({ name: 'approval', accountId: '111111111111', definition: approval({ HeartbeatSeconds: 600 }) });
  states.resume();
  stack = await startIdentity(smallWorld, { services: { states: states.service } });
  client = new SFNClient(stack.settings(stack.userKeys('111111111111', 'hub-admin')));
});

afterEach(async () => {
  client.destroy();
  await stack.close();
  await states.stop();
  clock.stop();
  db.close();
});

const start = (machine: string, input: object = {}, name = 'run') =>
  client.send(
    new StartExecutionCommand({ stateMachineArn: stateMachineArn(machine), name, input: JSON.stringify(input) }),
  );

/** An execution that waits for its token. */
const asked = async (): Promise<{ executionArn: string | undefined; taskToken: string }> => {
  const { executionArn } = await start('approval', { id: 'r-1' });
  const taskToken = await expect
    .poll(() => tokens[0])
    .toBeDefined()
    .then(() => tokens[0] ?? '');
  return { executionArn, taskToken };
};

describe('an official client', () => {
  it('starts an execution and reads its end and its history', async () => {
    const { executionArn, startDate } = await start('task', { id: 'r-1' });
    expect(startDate).toBeInstanceOf(Date);
    await end;
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({
      status: 'SUCCEEDED',
      name: 'run',
      startDate,
      stateMachineArn: stateMachineArn('task'),
    });
    expect(JSON.parse(described.output ?? '')).toEqual({ name: 'work', payload: { id: 'r-1' } });
    const types: unknown[] = [];
    for await (const page of paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn })) {
      types.push(...(page.events ?? []).map((event) => event.type));
    }
    expect(types).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('answers a task by its token, once', async () => {
    const { executionArn, taskToken } = await asked();
    await client.send(new SendTaskHeartbeatCommand({ taskToken }));
    await client.send(new SendTaskSuccessCommand({ taskToken, output: '"approved"' }));
    await end;
    const again = client.send(new SendTaskSuccessCommand({ taskToken, output: '"again"' }));
    await expect(again).rejects.toMatchObject({ name: 'TaskTimedOut' });
    const { output } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(output).toBe('"approved"');
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.find(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails).toMatchObject({
      resource: 'invoke.waitForTaskToken',
      timeoutInSeconds: 3600,
      heartbeatInSeconds: 600,
      parameters: '{"FunctionName":"ask","Payload":{"id":"r-1","token":"(task token withheld)"}}',
    });
  });

  it('fails a task by its token', async () => {
    const { executionArn, taskToken } = await asked();
    await client.send(new SendTaskFailureCommand({ taskToken, error: 'Denied', cause: 'not today' }));
    await end;
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'not today' });
  });

  it('stops and lists executions, and lists and describes machines', async () => {
    const { executionArn } = await asked();
    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
    const listed = await client.send(
      new ListExecutionsCommand({ stateMachineArn: stateMachineArn('approval'), statusFilter: 'ABORTED' }),
    );
    expect(listed.executions).toMatchObject([{ executionArn, name: 'run', status: 'ABORTED', stopDate }]);
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines?.map(({ name }) => name)).toEqual(['approval', 'task']);
    const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn: stateMachineArn('task') }));
    expect(machine).toMatchObject({ name: 'task', status: 'ACTIVE', type: 'STANDARD' });
    expect(JSON.parse(machine.definition ?? '')).toEqual(task());
  });

  it('sees the documented errors by their names', async () => {
    await asked();
    const changed = start('approval', { id: 'r-2' });
    await expect(changed).rejects.toMatchObject({ name: 'ExecutionAlreadyExists', $metadata: { httpStatusCode: 400 } });
    await expect(start('gone')).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(start('task', {}, 'a b')).rejects.toMatchObject({ name: 'InvalidName' });
    const forged = client.send(new SendTaskSuccessCommand({ taskToken: 'forged', output: '{}' }));
    await expect(forged).rejects.toMatchObject({ name: 'InvalidToken' });
    const gone = 'arn:aws:states:us-east-1:111111111111:execution:task:gone';
    const described = client.send(new DescribeExecutionCommand({ executionArn: gone }));
    await expect(described).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });
});
