import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import type { Credentials } from './actors.ts';
import { alertNaming as alertIn, type BreakIn, breakIn as breakInto, says } from './intruder.ts';
import { ended, grant, mint } from './people.ts';
import type { Message } from './slack-stand-in.ts';
import { openWorld, type World } from './world.ts';

const roleName = 'daypass-jit-orders-admin';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

const breakIn = (sessionName: string, how: BreakIn = {}): Promise<Credentials> => breakInto(world, sessionName, how);
const alertNaming = (what: string): Promise<Message> => alertIn(world, what);

describe('an alarm', () => {
  it('about a changed trust policy denies, on Revoke, every session without a grant and no other', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alices = await mint(world, await world.login('U0ALICE'), id);
    const intruder = await breakIn('first');
    const another = await breakIn('second');
    const alert = await alertNaming('trust policy of daypass-jit-orders-admin');
    await world.click('U0BOB', alert, 'Revoke');
    await says(alert, 'that carries no grant is denied');
    expect(await world.readOrder(intruder)).toBe('AccessDeniedException');
    expect(await world.readOrder(another)).toBe('AccessDeniedException');
    expect(await world.readOrder(alices)).toBe('12345');
  });

  it('is raised when an administrator lets itself into a role and takes it, and Revoke kills that session alone', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alices = await mint(world, await world.login('U0ALICE'), id);
    const intruder = await breakIn('break-in');
    const neighbour = await breakIn('next-door');
    expect(await world.readOrder(intruder)).toBe('12345');
    await alertNaming('trust policy of daypass-jit-orders-admin');
    const alert = await alertNaming('break-in');
    await world.click('U0BOB', alert, 'Revoke');
    await says(alert, 'read back from the role');
    expect(await world.readOrder(intruder)).toBe('AccessDeniedException');
    expect(await world.readOrder(neighbour)).toBe('12345');
    expect(await world.readOrder(alices)).toBe('12345');
  });

  it('that nobody answers in the policy’s time revokes the session by itself', async () => {
    const intruder = await breakIn('unanswered');
    const alert = await alertNaming('unanswered');
    await world.stack.idle();
    await world.clock.turn(15 * 60_000 + 1_000);
    await says(alert, 'read back from the role');
    expect(await world.readOrder(intruder)).toBe('AccessDeniedException');
  });

  it('can be dismissed by a lead and not by everybody, and then nothing is revoked', async () => {
    const admin = await breakIn('planned-work');
    const alert = await alertNaming('planned-work');
    await world.click('U0ALICE', alert, 'Expected');
    await until('Alice to be told', () => world.slack.ephemerals.find((told) => told.user === 'U0ALICE'));
    await world.click('U0BOB', alert, 'Expected');
    await says(alert, 'Expected');
    expect(await world.readOrder(admin)).toBe('12345');
  });

  it('is raised when AWSRevokeOlderSessions is deleted, and Revoke puts it back', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    await world.command('U0ALICE', 'done');
    await ended(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    await world
      .profile('production-admin')
      .iam.send(new DeleteRolePolicyCommand({ RoleName: roleName, PolicyName: 'AWSRevokeOlderSessions' }));
    expect(await world.readOrder(credentials)).toBe('12345');
    const alert = await alertNaming('AWSRevokeOlderSessions');
    await world.click('U0BOB', alert, 'Revoke');
    await until('the deny to be back', async () => (await world.readOrder(credentials)) === 'AccessDeniedException');
  });

  it('is raised when an administrator takes the revoker, and there is no Revoke for it', async () => {
    await breakIn('daypass-revoke-sessions', { into: 'daypass-revoker' });
    await alertNaming('trust policy of daypass-revoker');
    const alert = await alertNaming('and not by Daypass');
    expect(JSON.stringify(alert)).toContain('revoker-taken');
    expect(JSON.stringify(alert.blocks)).not.toContain('"Revoke"');
  });

  it('is raised by a change of trust that was padded until CloudTrail left it out', async () => {
    await breakIn('quiet', { padding: 110_000 });
    const alert = await alertNaming('UpdateAssumeRolePolicy by user production-admin');
    expect(JSON.stringify(alert)).toContain('unparsed-event');
  });

  it('is raised when an administrator lets a role that is lent for reading do everything', async () => {
    const RoleName = 'daypass-jit-orders-read';
    const { id } = await grant(world, 'U0ALICE', 'orders-read 30m looking at INC-42');
    const alice = await mint(world, await world.login('U0ALICE'), id);
    const order = new DeleteItemCommand({ TableName: 'OrdersTable', Key: { OrderId: { S: '12345' } } });
    await expect(world.as(alice).dynamoDb.send(order)).rejects.toThrow('is not authorized');
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
    const { iam } = world.profile('production-admin');
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'permissions', PolicyDocument }));
    await world.as(alice).dynamoDb.send(order);
    const alert = await alertNaming('inline policy permissions of daypass-jit-orders-read');
    expect(JSON.stringify(alert)).toContain('permissions-widened');
    expect(JSON.stringify(alert.blocks)).not.toContain('"Revoke"');
    await world.stack.idle();
    expect(world.cards('C0SECURITY')).toHaveLength(1);
  });

  it('is not raised when an administrator shuts a role by a policy that only denies', async () => {
    const RoleName = 'daypass-jit-orders-read';
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';
    const { iam } = world.profile('production-admin');
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'emergency-deny', PolicyDocument }));
    await world.stack.idle();
    expect(world.cards('C0SECURITY')).toEqual([]);
  });

  it('is not raised by Daypass’s own work', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    await world.readOrder(await mint(world, alice, id));
    await world.command('U0ALICE', 'done');
    await ended(world, alice, id);
    await world.stack.idle();
    expect(world.cards('C0SECURITY')).toEqual([]);
  });
});
