import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { alertNaming, breakIn, says } from './intruder.ts';
import { forbid } from './out-of-order.ts';
import { ask, grant } from './people.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
});

const executionOf = (machine: 'access-request' | 'alert-response', name: string) => ({
  executionArn: `arn:aws:states:us-east-1:111111111111:execution:${machine}:${name}`,
});
const executionStatus = async (machine: 'access-request' | 'alert-response', name: string): Promise<string> => {
  const { stepFunctions } = world.profile('hub-admin');
  const asked = stepFunctions.send(new DescribeExecutionCommand(executionOf(machine, name)));
  return asked.then(
    ({ status }) => String(status),
    (error: Error) => error.name,
  );
};
const alertIdIn = (text: string): string => /alert-[0-9a-f]+/.exec(text)?.[0] ?? '';
const faultOf = (functionName: string): Promise<string> =>
  until(`${functionName} to fail`, () => world.faults.find((fault) => fault.startsWith(functionName)));
const sweep = (): Promise<unknown> => world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });

describe('a gate that could not be held', () => {
  it('opens at once when it can, where the approval came in between', async () => {
    const mend = await forbid(world, 'hold-gate', 'dynamodb:UpdateItem');
    const { card } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await faultOf('hold-gate');
    await world.click('U0BOB', card, 'Approve');
    await world.stack.idle();
    await mend();
    await until('a live grant', async () => {
      await world.clock.turn(1_000);
      return card.text.includes('Active');
    });
  });

  it('opens at once when it can, where the request was cancelled in between', async () => {
    const mend = await forbid(world, 'hold-gate', 'dynamodb:UpdateItem');
    const { id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await faultOf('hold-gate');
    await world.command('U0ALICE', `cancel ${id}`);
    await world.stack.idle();
    await mend();
    await until('the execution to end', async () => {
      await world.clock.turn(1_000);
      return (await executionStatus('access-request', id)) === 'SUCCEEDED';
    });
  });

  it('opens at once when it can, where the alert was answered in between', async () => {
    const mend = await forbid(world, 'hold-gate', 'dynamodb:UpdateItem');
    await breakIn(world, 'planned-work');
    const alert = await alertNaming(world, 'planned-work');
    await faultOf('hold-gate');
    await world.click('U0BOB', alert, 'Expected');
    await world.stack.idle();
    await mend();
    await until('the alert to be closed', async () => {
      await world.clock.turn(1_000);
      return /closed/i.test(JSON.stringify(alert));
    });
  });
});

describe('a card that its sender has not kept yet', () => {
  it('can be clicked: the vote counts, and the one card that there is shows it', async () => {
    const answer = world.slack.holdBack('chat.postMessage');
    const { card } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await world.click('U0BOB', card, 'Approve');
    answer();
    await until('a live grant', () => card.text.includes('Active'));
    expect(world.cards('C0ACCESS')).toHaveLength(1);
  });
});

describe('the sweeper', () => {
  it('starts the workflow of a request that could not be started', async () => {
    const mend = await forbid(world, 'start-workflow', 'states:StartExecution');
    const { id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await faultOf('start-workflow');
    await world.clock.turn(61_000);
    expect(await executionStatus('access-request', id)).toBe('ExecutionDoesNotExist');
    await sweep();
    expect(await executionStatus('access-request', id)).toBe('RUNNING');
    await mend();
  });

  it('starts the workflow of an alert that could not be started', async () => {
    const mend = await forbid(world, 'start-workflow', 'states:StartExecution');
    await breakIn(world, 'nobody-told');
    const alert = await alertNaming(world, 'nobody-told');
    const id = alertIdIn(JSON.stringify(alert));
    await faultOf('start-workflow');
    await world.clock.turn(61_000);
    expect(await executionStatus('alert-response', id)).toBe('ExecutionDoesNotExist');
    await sweep();
    expect(await executionStatus('alert-response', id)).toBe('RUNNING');
    await mend();
  });

  it('revokes for an alert whose workflow was stopped, once the policy’s time is over', async () => {
    const intruder = await breakIn(world, 'unanswered');
    const alert = await alertNaming(world, 'unanswered');
    const id = alertIdIn(JSON.stringify(alert));
    await world.stack.idle();
    await world.profile('hub-admin').stepFunctions.send(new StopExecutionCommand(executionOf('alert-response', id)));
    await world.clock.turn(15 * 60_000 + 61_000);
    await sweep();
    // The sweep of the schedule may be at it, and then this one leaves it alone.
    await until('the deny', async () => (await world.readOrder(intruder)) === 'AccessDeniedException');
  });
});

describe('an alert whose revocation IAM refuses', () => {
  it('says so, and the sweeper goes on until the session is dead', async () => {
    const { iam } = world.profile('production-admin');
    const revoker = { RoleName: 'daypass-revoker', PolicyName: 'revoke' };
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(revoker));
    await iam.send(new DeleteRolePolicyCommand(revoker));
    const intruder = await breakIn(world, 'unstoppable');
    const alert = await alertNaming(world, 'unstoppable');
    await world.click('U0BOB', alert, 'Revoke');
    await until('the failure to be visible', async () => {
      await world.clock.turn(30_000);
      return /could not be/i.test(JSON.stringify(alert));
    });
    expect(await world.readOrder(intruder)).toBe('12345');
    await iam.send(new PutRolePolicyCommand({ ...revoker, PolicyDocument: decodeURIComponent(PolicyDocument ?? '') }));
    await until('the deny', async () => {
      await world.clock.turn(61_000);
      await sweep();
      return (await world.readOrder(intruder)) === 'AccessDeniedException';
    });
    await says(alert, 'read back from the role');
  });
});

describe('a session that carries the tag of a grant', () => {
  it('and was not minted for it is an alarm', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const thief = await breakIn(world, 'borrowed-tag', { tags: { 'daypass:grant': id } });
    expect(await world.readOrder(thief)).toBe('12345');
    await alertNaming(world, 'borrowed-tag');
  });
});
