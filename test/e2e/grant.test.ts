import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials, World } from './world.ts';
import { openWorld, until } from './world.ts';

type Minted = { credentials: Credentials & { expiresAt: string }; requestId: string };
type Listed = { mine: { id: string; status: string }[] };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const statesEntered = async (requestId: string): Promise<string[]> => {
  const { events = [] } = await world.profile('hub-admin').stepFunctions.send(
    new GetExecutionHistoryCommand({
      executionArn: `arn:aws:states:us-east-1:111111111111:execution:access-request:${requestId}`,
      maxResults: 1000,
    }),
  );
  return events.flatMap((event) => (event.stateEnteredEventDetails?.name === undefined ? [] : [event.stateEnteredEventDetails.name]));
};

const denyOf = async (roleName: string): Promise<unknown> => {
  const { PolicyDocument } = await world
    .profile('production-admin')
    .iam.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName: 'AWSRevokeOlderSessions' }));
  return JSON.parse(decodeURIComponent(PolicyDocument ?? ''));
};

/** Alice asks, Bob approves, and the grant is live. Returns its id. */
const grantTo = async (userId: string, text: string, approverId?: string): Promise<string> => {
  const before = world.cards('C0ACCESS').length;
  expect((await world.command(userId, text)).status).toBe(200);
  const card = await until('the card', () => world.cards('C0ACCESS')[before]);
  if (approverId) await world.click(approverId, card, 'Approve');
  await until('a live grant', () => card.text.includes('Active'));
  return (await until('its id', () => /[0-7][0-9A-HJKMNP-TV-Z]{25}/.exec(JSON.stringify(card.blocks))))[0];
};

describe('a grant', () => {
  it('is asked for, approved, used and ended; then the same credentials are refused and others go on', async () => {
    const id = await grantTo('U0ALICE', 'orders-admin 20s fixing INC-42', 'U0BOB');
    const other = await grantTo('U0CAROL', 'orders-admin 1h watching INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const carol = await world.login('U0CAROL');
    const mine = await world.api<Minted>(alice, 'POST', `/requests/${id}/credentials`);
    const theirs = await world.api<Minted>(carol, 'POST', `/requests/${other}/credentials`);
    expect(mine.status).toBe(200);

    const { Arn } = await world.as(mine.body.credentials).sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toMatch(/^arn:aws:sts::222222222222:assumed-role\/daypass-jit-orders-admin\/alice-/);
    expect(await world.readOrder(mine.body.credentials)).toBe('12345');
    expect(await world.readOrder(theirs.body.credentials)).toBe('12345');

    await world.clock.turn(21_000);
    const listed = async () => (await world.api<Listed>(alice, 'GET', '/requests')).body.mine.find((each) => each.id === id)?.status;
    await until('the end', async () => (await listed()) === 'ended');
    expect(await world.readOrder(mine.body.credentials)).toBe('AccessDeniedException');
    expect(await world.readOrder(theirs.body.credentials)).toBe('12345');
    expect(await denyOf('daypass-jit-orders-admin')).toMatchObject({
      Statement: [{ Effect: 'Deny', Condition: { StringEquals: { 'aws:PrincipalTag/daypass:grant': [id] } } }],
    });
    expect(await statesEntered(id)).toEqual(['NeedsApproval', 'AwaitApproval', 'ActivateGrant', 'AwaitEnd', 'RevokeSessions']);
  });
});
