import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { startStack } from '#local/stack.ts';
import { until } from '#test/kit/until.ts';
import { actorsOn, type Credentials } from './actors.ts';
import { ended, grant, mint } from './people.ts';
import { signingSecret } from './slack-person.ts';
import { startSlackStandIn } from './slack-stand-in.ts';
import { openWorld, type World } from './world.ts';

const RoleName = 'daypass-jit-orders-admin';
const PolicyName = 'AWSRevokeOlderSessions';
const all = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

describe('in an account that was onboarded', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    // The role may do anything, so whatever a session may not do is the boundary's work.
    await world
      .profile('production-admin')
      .iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'permissions', PolicyDocument: all }));
  });
  afterEach(async () => {
    await world.close();
    expect(world.faults).toEqual([]);
  });

  const iamOf = (credentials: Credentials): IAMClient =>
    new IAMClient({ endpoint: world.stack.awsUrl, region: 'us-east-1', credentials, maxAttempts: 1 });

  /** Everything by which a session could rid its own role of the deny, or make itself another way in. */
  const attemptsBy = (iam: IAMClient, role: string, grantId: string) => {
    const PolicyArn = 'arn:aws:iam::222222222222:policy/daypass-boundary';
    return [
      () => iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName })),
      () => iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName, PolicyDocument: all })),
      () => iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn })),
      () => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument: all })),
      () => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: role, PermissionsBoundary: everything })),
      () => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: role })),
      () => iam.send(new TagRoleCommand({ RoleName: role, Tags: [{ Key: 'daypass:grant', Value: grantId }] })),
    ];
  };
  const everything = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const expectNothing = async (attempts: readonly (() => Promise<unknown>)[]): Promise<void> => {
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ name: 'AccessDenied' });
  };
  const denyNow = async (): Promise<string> => {
    const { PolicyDocument } = await world
      .profile('production-admin')
      .iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return decodeURIComponent(PolicyDocument ?? '');
  };

  it('case 59: a live session of a role that may do anything cannot touch its own role, nor another one of Daypass', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 20s fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const iam = iamOf(await mint(world, alice, id));
    await expect(iam.send(new GetRoleCommand({ RoleName }))).resolves.toBeDefined();
    await expectNothing(attemptsBy(iam, RoleName, id));
    await expectNothing(attemptsBy(iam, 'daypass-jit-orders-read', id));
    await expectNothing(attemptsBy(iam, 'daypass-revoker', id));
    await world.clock.turn(21_000);
    await ended(world, alice, id);
    await expectNothing(attemptsBy(iam, RoleName, id));
    iam.destroy();
  });

  it('case 59: a revoked session cannot rid itself of its deny; the deny stays as it was, and an alert tells of the try', async () => {
    const { card, id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('12345');
    await world.click('U0BOB', card, 'Revoke');
    await ended(world, alice, id);
    await world.stack.idle();
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    const deny = await denyNow();
    expect(deny).toContain(id);

    await world.clock.turn(1_000);
    const iam = iamOf(credentials);
    await expectNothing(attemptsBy(iam, RoleName, id));
    iam.destroy();
    await world.stack.idle();
    expect(await denyNow()).toBe(deny);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    await until('an alert of the try', () =>
      world
        .cards('C0SECURITY')
        .find((alert) => /that had ended was used: \w+ was answered with \w+/.test(JSON.stringify(alert))),
    );
  });

  it('the hub hears of a change through the account’s own rule, and of nothing once its role may not send', async () => {
    const { iam } = world.profile('production-admin');
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const PolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    await until('an alert', () => world.cards('C0SECURITY').some((card) => JSON.stringify(card).includes(RoleName)));

    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'daypass-forward', PolicyName: 'forward' }));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'daypass-jit-payments-admin', PolicyDocument }));
    await world.stack.idle();
    expect(JSON.stringify(world.cards('C0SECURITY'))).not.toContain('daypass-jit-payments-admin');
  });

  it('nobody but Daypass takes a managed role, whatever they send', async () => {
    for (const profile of ['hub-admin', 'production-admin', 'partner-admin']) {
      const attempt = world.profile(profile).sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::222222222222:role/${RoleName}`,
          RoleSessionName: 'alice',
          ExternalId: 'dp-production-7f3a91c2',
          SourceIdentity: 'alice',
          Tags: [
            { Key: 'daypass:grant', Value: '01J9ZX5T8R5C6X3K4M2N7P8Q9R' },
            { Key: 'daypass:entitlement', Value: 'orders-admin' },
          ],
          TransitiveTagKeys: ['daypass:grant', 'daypass:entitlement'],
        }),
      );
      await expect(attempt).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });
});

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-e2e-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The stack on the folder, for as long as `during` takes. */
  const within = async <T>(during: (actors: ReturnType<typeof actorsOn>) => Promise<T>): Promise<T> => {
    const slack = await startSlackStandIn();
    const clock = turnableClock();
    const stack = await startStack({
      port: 0,
      awsPort: 0,
      dataFolder: folder,
      policyPath: 'access.yaml',
      slack: { apiUrl: slack.url, botToken: 'xoxb-e2e', signingSecret },
      clock,
      log: () => ({ info: () => undefined, warn: () => undefined, error: () => undefined }),
    });
    try {
      return await during(actorsOn({ ...stack, slack, nowMs: clock.nowMs }));
    } finally {
      await stack.stop();
      await slack.stop();
    }
  };

  it('keeps over a restart what an administrator changed', async () => {
    await within(({ profile }) =>
      profile('production-admin').iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
    );
    const { Role } = await within(({ profile }) =>
      profile('production-admin').iam.send(new GetRoleCommand({ RoleName })),
    );
    expect(Role?.PermissionsBoundary).toBeUndefined();
  });
});
