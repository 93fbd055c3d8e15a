import { DeleteRolePolicyCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetScopedCredentialsCommand,
  type GetScopedCredentialsCommandInput,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keysOf } from '#test/local/aws/sts/identity-stack.ts';
import type { Credentials } from './actors.ts';
import { alertNaming, breakIn } from './intruder.ts';
import { ended, grant, mint } from './people.ts';
import { openWorld, type World } from './world.ts';

const deny = { RoleName: 'daypass-jit-orders-admin', PolicyName: 'AWSRevokeOlderSessions' };

let world: World;
/** Errors that a test provokes on purpose. */
let provoked: RegExp | undefined;
beforeEach(async () => {
  world = await openWorld();
  provoked = undefined;
});
afterEach(async () => {
  await world.close();
  expect(world.faults.filter((fault) => !provoked?.test(fault))).toEqual([]);
});

const denyNow = (): Promise<string | undefined> =>
  world
    .profile('production-admin')
    .iam.send(new GetRolePolicyCommand(deny))
    .then(
      ({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? ''),
      (error: Error) => (error.name === 'NoSuchEntityException' ? undefined : Promise.reject(error)),
    );

/** STS itself still knows the session: what is refused is what it may do, not that it is. */
const stillASession = async (credentials: Credentials): Promise<boolean> =>
  world
    .as(credentials)
    .sts.send(new GetCallerIdentityCommand({}))
    .then(
      () => true,
      (error: Error) => (error.name === 'ExpiredToken' ? false : Promise.reject(error)),
    );

/**
 * A console that was signed in with a grant's credentials is not part of the embedded stack: neither the federation
 * endpoint nor its sign-in token exists here. What is shown is what such a session rests on. A sign-in token is valid
 * for 15 minutes, and a console made with it works as the same role session, with its session policy and its tags,
 * until the session expires; AWS refuses a longer SessionDuration for credentials that came by role chaining, as all of
 * ours do: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 * So these tests hold credentials that outlive their grant, and ask what is left of them; that the console's own calls
 * are judged like those is AWS's word (…/id_roles_use_revoke-sessions.html) and was not tried.
 */
describe('case 61: a session that outlives its grant', () => {
  it('is denied by its own policy from the end on, for all that is left of its fifteen minutes, with no deny on the role', async () => {
    provoked = /RoleUnavailable|could not be revoked/;
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 20s fixing INC-42', 'U0BOB');
    const credentials = await mint(world, await world.login('U0ALICE'), id);
    // Nobody can write the deny any more.
    const revoker = { RoleName: 'daypass-revoker', PolicyName: 'revoke' };
    await world.profile('production-admin').iam.send(new DeleteRolePolicyCommand(revoker));
    await world.stack.idle();
    await world.clock.turn(19_000);
    expect(await world.readOrder(credentials)).toBe('12345');
    for (const elapsedMs of [1_000, 60_000, 815_000]) {
      await world.clock.turn(elapsedMs);
      expect(await stillASession(credentials)).toBe(true);
      expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    }
    expect(await denyNow()).toBeUndefined();
    await world.clock.turn(30_000);
    expect(await stillASession(credentials)).toBe(false);
  });

  it('is denied by the role from an early end on, for all that is left of its hour', async () => {
    const { card, id } = await grant(world, 'U0ALICE', 'orders-admin 2h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('12345');
    await world.click('U0BOB', card, 'Revoke');
    await ended(world, alice, id);
    expect(await denyNow()).toContain(id);
    for (const elapsedMs of [0, 900_000, 2_600_000]) {
      await world.clock.turn(elapsedMs);
      expect(await stillASession(credentials)).toBe(true);
      expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    }
    await world.clock.turn(100_000);
    expect(await stillASession(credentials)).toBe(false);
  });

  it('has no offspring that could: STS gives neither a session token nor a federated user for a role’s session', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');
    const { sts } = world.as(await mint(world, await world.login('U0ALICE'), id));
    await expect(sts.send(new GetSessionTokenCommand({ DurationSeconds: 129_600 }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Cannot call GetSessionToken with session credentials',
    });
    await expect(
      sts.send(new GetFederationTokenCommand({ Name: 'alice', DurationSeconds: 43_200 })),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Cannot call GetFederationToken with session credentials',
    });
  });
});

describe('further keys that a session makes of itself', () => {
  const furtherKeys = async (of: Credentials, input: GetScopedCredentialsCommandInput): Promise<Credentials> =>
    keysOf(await world.as(of).sts.send(new GetScopedCredentialsCommand(input)));

  it('work and are nothing strange while the grant is live, and are dead with it; to make more is told', async () => {
    const { card, id } = await grant(world, 'U0ALICE', 'orders-admin 2h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const minted = await mint(world, alice, id);
    const further = await furtherKeys(await furtherKeys(minted, { DurationSeconds: 3_000 }), {
      DurationSeconds: 2_900,
    });
    expect(await world.readOrder(further)).toBe('12345');
    await world.stack.idle();
    expect(world.cards('C0SECURITY')).toEqual([]);
    await world.click('U0BOB', card, 'Revoke');
    await ended(world, alice, id);
    expect(await world.readOrder(further)).toBe('AccessDeniedException');
    await world.clock.turn(120_000);
    await expect(furtherKeys(further, { DurationSeconds: 60 })).rejects.toMatchObject({ name: 'AccessDenied' });
    const alert = JSON.stringify(await alertNaming(world, 'GetScopedCredentials was answered with AccessDenied'));
    expect(alert).toContain('revoked-session-used');
  });

  it('end with the grant at the latest, with no deny on the role, whatever they were asked for', async () => {
    provoked = /RoleUnavailable|could not be revoked/;
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 20s fixing INC-42', 'U0BOB');
    const minted = await mint(world, await world.login('U0ALICE'), id);
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
    const further = await furtherKeys(minted, { DurationSeconds: 880, Policy });
    const revoker = { RoleName: 'daypass-revoker', PolicyName: 'revoke' };
    await world.profile('production-admin').iam.send(new DeleteRolePolicyCommand(revoker));
    await world.stack.idle();
    await world.clock.turn(19_000);
    expect(await world.readOrder(further)).toBe('12345');
    await world.clock.turn(1_000);
    expect(await stillASession(further)).toBe(true);
    expect(await world.readOrder(further)).toBe('AccessDeniedException');
    expect(await denyNow()).toBeUndefined();
  });

  it('raise an alert where the session is the revoker’s, for nobody of Daypass makes any', async () => {
    const revoker = await breakIn(world, 'daypass-revoke-sessions', { into: 'daypass-revoker' });
    await furtherKeys(revoker, { DurationSeconds: 60 });
    const alert = JSON.stringify(await alertNaming(world, 'Further keys were made of'));
    expect(alert).toContain('revoker-taken');
  });
});
