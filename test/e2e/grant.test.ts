import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { ask, ended, grant, mint, statusOf } from './people.ts';
import { buttonOf } from './slack-person.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

const executionArn = (id: string): string => `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`;

const statesEntered = async (id: string): Promise<string[]> => {
  const { events = [] } = await world
    .profile('hub-admin')
    .stepFunctions.send(new GetExecutionHistoryCommand({ executionArn: executionArn(id), maxResults: 1000 }));
  return events.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name === undefined ? [] : [entered.name]));
};

const denyOf = async (RoleName: string): Promise<unknown> => {
  const { iam } = world.profile('production-admin');
  const { PolicyDocument } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName: 'AWSRevokeOlderSessions' }),
  );
  return JSON.parse(decodeURIComponent(PolicyDocument ?? ''));
};

describe('a grant', () => {
  it('is asked for, approved, used and over; then the same credentials are refused and others go on', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 20s fixing INC-42', 'U0BOB');
    const other = await grant(world, 'U0CAROL', 'orders-admin 1h watching INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await mint(world, alice, id);
    const theirs = await mint(world, await world.login('U0CAROL'), other.id);
    const { Arn } = await world.as(mine).sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toMatch(/^arn:aws:sts::222222222222:assumed-role\/daypass-jit-orders-admin\/alice-/);
    expect(await world.readOrder(mine)).toBe('12345');
    expect(await world.readOrder(theirs)).toBe('12345');

    await world.clock.turn(21_000);
    await ended(world, alice, id);
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
    expect(await world.readOrder(theirs)).toBe('12345');
    expect(await denyOf('daypass-jit-orders-admin')).toMatchObject({
      Statement: [{ Effect: 'Deny', Condition: { StringEquals: { 'aws:PrincipalTag/daypass:grant': [id] } } }],
    });
    await until('the card to say so', () => /verified/i.test(JSON.stringify(card.blocks)));
    expect(() => buttonOf(card.blocks, 'Revoke')).toThrow('There is no button');
    expect(await statesEntered(id)).toEqual([
      'NeedsApproval',
      'AwaitApproval',
      'ActivateGrant',
      'AwaitEnd',
      'RevokeSessions',
    ]);
  });

  it('needs nobody where the policy says so, and enters four states', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-read 5s looking at INC-42');
    const alice = await world.login('U0ALICE');
    expect(await world.readOrder(await mint(world, alice, id))).toBe('12345');
    await world.clock.turn(6_000);
    await ended(world, alice, id);
    expect(await statesEntered(id)).toEqual(['NeedsApproval', 'ActivateGrant', 'AwaitEnd', 'RevokeSessions']);
  });

  it('needs both leads where the policy says two, and neither counts twice', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'payments-admin 30m paying back INC-42');
    await world.click('U0BOB', card, 'Approve');
    await until('one of two', () => JSON.stringify(card.blocks).includes('1 of 2'));
    await world.click('U0BOB', card, 'Approve');
    const alice = await world.login('U0ALICE');
    expect(await statusOf(world, alice, id)).toBe('pending');
    await world.click('U0CAROL', card, 'Approve');
    await until('a live grant', () => card.text.includes('Active'));
  });

  it('ends when its holder is done: the credentials are dead, and the card says who ended it', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await mint(world, alice, id);
    const answer = await world.command('U0ALICE', 'done');
    expect(answer.status).toBe(200);
    await ended(world, alice, id);
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
    await until('the card to say so', () => /Ended/.test(card.text));
  });

  it('ends when an approver revokes it, and one that was never used needs no deny', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    await world.click('U0CAROL', card, 'Revoke');
    const alice = await world.login('U0ALICE');
    await ended(world, alice, id);
    const refused = await world.api<{ error: { message: string } }>(alice, 'POST', `/requests/${id}/credentials`);
    expect({ status: refused.status, message: refused.body.error.message }).toEqual({
      status: 409,
      message: 'Your grant of orders-admin is not live any more.',
    });
    await expect(denyOf('daypass-jit-orders-admin')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('does not end another one of the same person on the same role', async () => {
    const first = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const second = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-43', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const [one, two] = [await mint(world, alice, first.id), await mint(world, alice, second.id)];
    await world.click('U0ALICE', first.card, 'I');
    await ended(world, alice, first.id);
    expect(await world.readOrder(one)).toBe('AccessDeniedException');
    expect(await world.readOrder(two)).toBe('12345');
  });

  it('is nobody else’s: the credentials of one person are "not found" for another', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const dave = await world.login('U0DAVE');
    const theirs = await world.api(dave, 'POST', `/requests/${id}/credentials`);
    const nobodys = await world.api(dave, 'POST', '/requests/01JD8Q00000000000000000000/credentials');
    expect(theirs.status).toBe(404);
    expect(theirs.body).toEqual(nobodys.body);
  });
});

describe('a refused request', () => {
  it('has no execution, and the person is told what to do', async () => {
    const answer = await world.command('U0DAVE', 'orders-admin 20s fixing INC-42');
    expect(answer.body).toMatchObject({ response_type: 'ephemeral' });
    expect(answer.text).toMatch(/\/access/);
    await world.stack.idle();
    const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:access-request';
    const { executions } = await world
      .profile('hub-admin')
      .stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions).toEqual([]);
    expect(world.cards('C0ACCESS')).toEqual([]);
  });
});
