import { CloudTrailClient, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import type { Credentials } from './actors.ts';
import {
  arnIn,
  first,
  goOn,
  openChainWorld,
  outside,
  partner,
  production,
  second,
  tables,
  third,
  works,
} from './chain-world.ts';
import { alertNaming, says } from './intruder.ts';
import { confirm, finished } from './lockdown-world.ts';
import { forbid } from './out-of-order.ts';
import { ended, grant, mint, statusOf } from './people.ts';
import { buttonOf } from './slack-person.ts';

let world: Awaited<ReturnType<typeof openChainWorld>>;
beforeEach(async () => {
  world = await openChainWorld();
});
afterEach(() => world.closeAll());

const inSecond = arnIn(production, second);
const inThird = arnIn(partner, third);

type Chain = { one: Credentials; two: Credentials; three: Credentials };

const chain = async (token: string, id: string): Promise<Chain> => {
  const one = await mint(world, token, id);
  const two = await goOn(world, one, inSecond);
  return { one, two, three: await goOn(world, two, inThird) };
};

const living = async ({ one, two, three }: Chain): Promise<boolean[]> => [
  await works(world, one, tables[first]),
  await works(world, two, tables[second]),
  await works(world, three, tables[third]),
];

const denied = async (profile: string, RoleName: string): Promise<string> => {
  const { iam } = world.profile(profile);
  const { PolicyDocument } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName: 'AWSRevokeOlderSessions' }),
  );
  return decodeURIComponent(PolicyDocument ?? '');
};

/** From now on no event of this account comes. */
const stopTrail = async (profile: string): Promise<void> => {
  const { credentials, region } = world.profile(profile).sts.config;
  const trails = new CloudTrailClient({ endpoint: world.awsUrl, credentials, region, maxAttempts: 1 });
  await trails.send(new StopLoggingCommand({ Name: 'embedded' }));
  trails.destroy();
};

const sweep = (): Promise<unknown> => world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });

/**
 * The end of the grant fails visibly. In small steps, each with an answer of the stack: the credentials have to outlive
 * it, however slow the machine is.
 */
const failing = (token: string, id: string, isVisible: () => boolean): Promise<boolean> =>
  until('the failure to be visible', async () => {
    await world.clock.turn(5_000);
    return (await statusOf(world, token, id)) === 'ending' && isVisible();
  });

const outOfReach = () =>
  world.cards('C0SECURITY').filter((message) => JSON.stringify(message).includes('cannot end it'));

/** Somebody deletes the revoker of an account. Returns how to make it again as it was. */
const takeRevoker = async (profile: string): Promise<() => Promise<void>> => {
  const { iam } = world.profile(profile);
  const RoleName = 'daypass-revoker';
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'revoke' }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'revoke' }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  return async () => {
    const AssumeRolePolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'revoke', PolicyDocument: decodeURIComponent(PolicyDocument) }),
    );
  };
};

const open = 'open-to-the-account';
const all = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** Roles that are none of Daypass's and let sessions of production in, with whatever they bring along. */
const openOutside = async (): Promise<void> => {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${production}:root` },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      },
    ],
  });
  for (const [profile, RoleName] of [
    ['partner-admin', outside],
    ['production-admin', open],
  ] as const) {
    await world.profile(profile).iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  }
};

describe('case 60: a session that went on to further roles', () => {
  it('is dead two roles deep, one of them in another account, once the grant is revoked; others live on', async () => {
    const alices = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const carols = await grant(world, 'U0CAROL', 'orders-admin 1h watching INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await chain(alice, alices.id);
    const theirs = await chain(await world.login('U0CAROL'), carols.id);
    expect(await living(mine)).toEqual([true, true, true]);
    await world.stack.idle();
    expect(world.cards('C0SECURITY')).toEqual([]);

    await world.click('U0BOB', alices.card, 'Revoke');
    await ended(world, alice, alices.id);
    expect(await living(mine)).toEqual([false, false, false]);
    expect(await living(theirs)).toEqual([true, true, true]);
    for (const text of [await denied('production-admin', second), await denied('partner-admin', third)]) {
      expect(text).toContain(alices.id);
      expect(text).not.toContain(carols.id);
    }
    await until('the card to say so', () => JSON.stringify(alices.card.blocks).includes(third));
    await world.stack.idle();
    expect(world.faults).toEqual([]);
  });

  it('is dead on every role at the natural end too, although only the first role’s session has an end of its own', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 20s fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await chain(alice, id);
    await world.stack.idle();
    expect(await living(mine)).toEqual([true, true, true]);
    await world.clock.turn(21_000);
    await ended(world, alice, id);
    expect(await living(mine)).toEqual([false, false, false]);
    await until('the card to say so', () => JSON.stringify(card.blocks).includes('denied as well'));
    expect(world.cards('C0SECURITY')).toEqual([]);
    expect(world.faults).toEqual([]);
  });

  it('is dead on every role although CloudTrail tells of no step, on those that nobody took too, and the card says so', async () => {
    for (const profile of ['hub-admin', 'production-admin', 'partner-admin']) await stopTrail(profile);
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const one = await mint(world, alice, id);
    const two = await goOn(world, one, inSecond);
    const three = await goOn(world, two, inThird);
    const carols = await grant(world, 'U0CAROL', 'orders-admin 1h watching INC-42', 'U0BOB');
    const theirs = await goOn(world, await mint(world, await world.login('U0CAROL'), carols.id), inSecond);
    await world.stack.idle();
    expect(await living({ one, two, three })).toEqual([true, true, true]);

    await world.command('U0ALICE', `done ${id}`);
    await ended(world, alice, id);
    expect(await living({ one, two, three })).toEqual([false, false, false]);
    expect(await works(world, theirs, tables[second])).toBe(true);
    await until('the card to say so', () =>
      /may have gone on to .*, so it is denied there as well/.test(JSON.stringify(card.blocks)),
    );
    expect(world.faults).toEqual([]);
  });

  it('is dead on every role after a lockdown too, and its end names them', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const [alice, carol] = [await world.login('U0ALICE'), await world.login('U0CAROL')];
    const mine = await chain(alice, id);
    await world.stack.idle();
    expect(await living(mine)).toEqual([true, true, true]);

    const { submit } = await confirm(world, 'U0BOB', 'lockdown person alice', 'laptop stolen');
    await submit();
    await finished(world, carol);
    await ended(world, alice, id);
    expect(await living(mine)).toEqual([false, false, false]);
    expect(await denied('partner-admin', third)).toContain(id);
  });

  it('is dead on a role that was locked down before it went there, and the grant of the role from which it came goes on', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const [alice, carol] = [await world.login('U0ALICE'), await world.login('U0CAROL')];
    const { submit } = await confirm(world, 'U0BOB', `lockdown role production/${second}`, 'odd calls');
    await submit();
    await finished(world, carol);
    // What is issued in the half minute after it, the lockdown's own statement denies.
    await world.clock.turn(40_000);
    const one = await mint(world, alice, id);
    const two = await goOn(world, one, inSecond);
    await world.stack.idle();
    expect([await works(world, one, tables[first]), await works(world, two, tables[second])]).toEqual([true, false]);
    expect(await statusOf(world, alice, id)).toBe('active');
    expect(world.faults).toEqual([]);
  });

  it('is dead on every role at once where the execution of its grant is stopped', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await chain(alice, id);
    await world.stack.idle();
    const executionArn = `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`;
    await world.profile('hub-admin').stepFunctions.send(new StopExecutionCommand({ executionArn }));
    await ended(world, alice, id);
    expect(await living(mine)).toEqual([false, false, false]);
    expect(world.faults).toEqual([]);
  });

  it('is dead at the end of its grant while the detector fails, and is denied anew when its late event comes', async () => {
    const mend = await forbid(world, 'detect', 'dynamodb:PutItem');
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await chain(alice, id);
    await until('the detector to fail', () => world.faults.find((fault) => fault.startsWith('detect')));
    await world.command('U0ALICE', `done ${id}`);
    await ended(world, alice, id);
    expect(await living(mine)).toEqual([false, false, false]);
    expect(await denied('partner-admin', third)).toContain(id);
    await mend();
    const before = await denied('partner-admin', third);
    // Its deny is written again for the session of the late event, and stays for that one's hour.
    await until('the late event to be answered', async () => {
      await world.clock.turn(1_000);
      return (await denied('partner-admin', third)) !== before;
    });
    expect(await living(mine)).toEqual([false, false, false]);
    expect(await denied('partner-admin', third)).toContain(id);
  });

  it('ends its grant where that could not be ended before and now can', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const one = await mint(world, alice, id);
    const giveBack = await takeRevoker('production-admin');
    await world.click('U0BOB', card, 'Revoke');
    await failing(alice, id, () => /could not be revoked/i.test(JSON.stringify(card.blocks)));
    await world.stack.idle();
    await giveBack();
    const two = await goOn(world, one, inSecond);
    await ended(world, alice, id);
    expect([await works(world, one, tables[first]), await works(world, two, tables[second])]).toEqual([false, false]);
  });

  it('cannot be in an account without a revoker: an alert says so while the grant lives, its end waits, and holds once the revoker is back', async () => {
    const giveBack = await takeRevoker('partner-admin');
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await chain(alice, id);
    const alert = await alertNaming(world, 'cannot end it');
    await says(alert, `${third} (${partner})`);
    await says(alert, `Onboard account ${partner}`);
    expect(() => buttonOf(alert.blocks, 'Revoke')).toThrow('There is no button');

    await world.click('U0BOB', card, 'Revoke');
    await failing(alice, id, () => {
      const shown = JSON.stringify(card.blocks);
      return /could not be revoked/i.test(shown) && shown.includes(inThird);
    });
    expect(await living(mine)).toEqual([false, false, true]);
    await sweep();
    expect(outOfReach()).toHaveLength(1);

    await giveBack();
    await sweep();
    await ended(world, alice, id);
    expect(await living(mine)).toEqual([false, false, false]);
    expect(outOfReach()).toHaveLength(1);
  });

  it('cannot be on a role that Daypass does not lend: an alert says so, and the grant is over when the session is', async () => {
    await openOutside();
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    await goOn(world, await mint(world, alice, id), arnIn(partner, outside));
    const alert = await alertNaming(world, 'cannot end it');
    await says(alert, 'no entitlement lends this role');
    await world.click('U0BOB', card, 'Revoke');
    await failing(alice, id, () => JSON.stringify(card.blocks).includes(outside));
    await world.clock.turn(66 * 60_000);
    await sweep();
    await ended(world, alice, id);
    await until('the card to say so', () => JSON.stringify(card.blocks).includes('expired by themselves'));
    expect(world.cards('C0SECURITY')).toHaveLength(1);
  });

  it('is stopped by the session’s own policy where the entitlement forbids it, whatever else would let it', async () => {
    await openOutside();
    const { iam } = world.profile('production-admin');
    const RoleName = 'daypass-jit-orders-read';
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'permissions', PolicyDocument: all }));
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    const { id } = await grant(world, 'U0ALICE', 'orders-read 30m looking at INC-42');
    const mine = await mint(world, await world.login('U0ALICE'), id);
    await expect(goOn(world, mine, arnIn(partner, outside))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(goOn(world, mine, arnIn(production, open))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a session policy'),
    });
  });

  it('goes on to no role but those that the entitlement names, from the first role and from the second', async () => {
    await openOutside();
    const { iam } = world.profile('production-admin');
    for (const RoleName of [first, second]) {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'permissions', PolicyDocument: all }));
    }
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');
    const one = await mint(world, await world.login('U0ALICE'), id);
    const two = await goOn(world, one, inSecond);
    for (const attempt of [
      goOn(world, one, arnIn(production, open)),
      goOn(world, one, inThird),
      goOn(world, two, arnIn(production, open)),
      goOn(world, two, arnIn(production, 'daypass-jit-orders-read')),
      goOn(world, two, arnIn(production, 'daypass-revoker')),
    ]) {
      await expect(attempt).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('takes nobody into the second role who has no grant', async () => {
    const admin = world.profile('production-admin');
    await expect(
      admin.sts.send(new AssumeRoleCommand({ RoleArn: inSecond, RoleSessionName: 'oops' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('case 48: the tags of a session that goes on', () => {
  const grantTag = 'daypass:grant';
  const tag = (Key: string, Value: string) => ({ Tags: [{ Key, Value }] });

  it('are those of its grant: none can be set anew in any capitals, dropped or added, nor the person be changed', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');
    const one = await mint(world, await world.login('U0ALICE'), id);
    for (const key of [grantTag, 'DayPass:Grant', 'daypass:entitlement']) {
      await expect(goOn(world, one, inSecond, tag(key, '01KB0000000000000000000001'))).rejects.toMatchObject({
        name: key === 'DayPass:Grant' ? 'AccessDenied' : 'InvalidParameterValue',
      });
    }
    await expect(goOn(world, one, inSecond, { SourceIdentity: 'carol' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(goOn(world, one, inSecond, tag('team', 'root'))).rejects.toMatchObject({ name: 'AccessDenied' });
    const next = await goOn(world, one, inSecond, { Tags: [], TransitiveTagKeys: [] });
    const { Arn } = await world.as(next).sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${production}:assumed-role/${second}/onward`);
    // Still of the grant: its end reaches them.
    expect(await works(world, next, tables[second])).toBe(true);
    await world.command('U0ALICE', `done ${id}`);
    await ended(world, await world.login('U0ALICE'), id);
    expect(await works(world, next, tables[second])).toBe(false);
  });
});

describe('case 46: role chaining', () => {
  it('is for an hour at most, and longer fails instead of being cut', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');
    const one = await mint(world, await world.login('U0ALICE'), id);
    await expect(goOn(world, one, inSecond, { DurationSeconds: 3_601 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    });
    expect((await goOn(world, one, inSecond, { DurationSeconds: 3_600 })).accessKeyId).toMatch(/^ASIA/);
  });
});
