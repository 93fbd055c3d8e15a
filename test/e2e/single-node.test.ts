import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRoleCommand, GetRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNotClosed } from '#local/aws/dynamodb/closed-engine.ts';
import { until } from '#test/kit/until.ts';
import { appToken } from '#test/local/node/socket-mode-stand-in.ts';
import type { Credentials } from './actors.ts';
import { assume, type NodeWorld, nodeBotToken, openNodeWorld } from './node-world.ts';
import { ask, ended, grant, type Minted, mint } from './people.ts';
import type { Message } from './slack-stand-in.ts';

let world: NodeWorld;
let on: Awaited<ReturnType<NodeWorld['start']>>;

beforeAll(async () => {
  world = await openNodeWorld();
  on = await world.start();
});
afterAll(() => world.close());

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

/** Somebody who may do everything in production takes the role without asking anybody. */
const takeBehindItsBack = async (sessionName: string): Promise<Credentials> => {
  const { iam, sts } = world.cloud.profile('production-admin');
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'sts:AssumeRole' },
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:role/daypass-node' }, Action: 'sts:*' },
    ],
  };
  const RoleName = 'daypass-jit-orders-admin';
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(trust) }));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
};

const alertAbout = (what: string): Promise<Message> =>
  until(`an alert about ${what}`, () =>
    on.cards('C0SECURITY').find(({ blocks }) => JSON.stringify(blocks).includes(what)),
  );

describe('a single node with the real AWS', () => {
  it('lends access there from the Slack click to AccessDenied', async () => {
    const { id } = await grant(on, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await on.login('U0ALICE');
    const { body } = await on.api<Minted & { endpointUrl?: string; region: string }>(
      alice,
      'POST',
      `/requests/${id}/credentials`,
    );
    expect(body).toMatchObject({ region: 'us-east-1', accountId: '222222222222' });
    expect(body.endpointUrl).toBeUndefined();
    expect(await on.readOrder(body.credentials)).toBe('12345');

    await on.command('U0ALICE', `done ${id}`);
    await ended(on, alice, id);
    expect(await on.readOrder(body.credentials)).toBe('AccessDeniedException');
    const { iam } = world.cloud.profile('production-admin');
    const deny = await iam.send(
      new GetRolePolicyCommand({ RoleName: 'daypass-jit-orders-admin', PolicyName: 'AWSRevokeOlderSessions' }),
    );
    expect(decodeURIComponent(deny.PolicyDocument ?? '')).toContain(id);
    // Its own work, and onboarding before it watched, are nothing to raise an alarm about.
    expect(on.cards('C0SECURITY')).toEqual([]);
  });

  it('finds what happens behind its back, and ends that session at a click', async () => {
    const taken = await takeBehindItsBack('behind-its-back');
    expect(await on.readOrder(taken)).toBe('12345');
    const alert = await alertAbout('behind-its-back');
    await alertAbout('trust policy');
    await on.click('U0CAROL', alert, 'Revoke');
    await until('the deny', async () => (await on.readOrder(taken)) === 'AccessDeniedException');
  });

  it('finds that a session goes on being used after it was taken away', async () => {
    const { card, id } = await grant(on, 'U0ALICE', 'orders-read 1h fixing INC-42');
    const credentials = await mint(on, await on.login('U0ALICE'), id);
    await on.click('U0CAROL', card, 'Revoke');
    await until('the end', () => card.text.includes('Ended') || card.text.includes('Revoked'));
    // CloudTrail counts whole seconds: a use in the same one could have been before the end.
    const overAt = Date.now() + 1_500;
    await until('a later second', () => Date.now() > overAt);
    await on.as(credentials).sts.send(new GetCallerIdentityCommand({}));
    await until('an alert', () => on.cards('C0SECURITY').find(({ text }) => text.includes('that had ended was used')));
  });

  it('is closed to whoever holds keys of the cloud, and to the pages of the built-in workspace', async () => {
    const { aws, app, data } = on.node;
    const { sts } = world.cloud.as(world.key);
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111111111111');
    const inside = new STSClient({ region: 'us-east-1', endpoint: aws, credentials: world.key, maxAttempts: 1 });
    await expect(inside.send(new GetCallerIdentityCommand({}))).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidClientTokenId' }),
    );
    const pages = ['/workspace/', '/', '/_below', '/workspace/api/chat.postMessage'];
    for (const page of pages) expect((await fetch(`${app}${page}`)).status).toBe(404);
    expect((await fetch(`${app}/slack/events`, { method: 'POST', body: 'command=%2Faccess' })).status).toBe(404);
    expect(on.node.workspace).toBeUndefined();
    expect(existsSync(join(data, 'dynamodb', '111111111111.sock'))).toBe(whyNotClosed() === undefined);
    expect(readdirSync(join(data, 'aws'))).toEqual(['master.key']);
  });

  it('leaves no secret on disk or in its output, and its data to nobody else', () => {
    const { data } = on.node;
    expect(statSync(data).mode & 0o077).toBe(0);
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const kept = files.map((file) => readFileSync(join(file.parentPath, file.name)).toString('latin1')).join('\n');
    for (const secret of [appToken, nodeBotToken, world.key.secretAccessKey, world.key.accessKeyId]) {
      expect(on.node.output()).not.toContain(secret);
      if (secret !== world.key.accessKeyId) expect(kept).not.toContain(secret);
    }
  });

  it('loses nothing when it is killed: what waited goes on, and what happened meanwhile is found', async () => {
    const { card, id } = await ask(on, 'U0ALICE', 'orders-admin 1h fixing INC-43');
    await on.node.kill();
    await takeBehindItsBack('while-it-was-dead');
    on = await world.start();
    await alertAbout('while-it-was-dead');
    await on.click('U0BOB', card, 'Approve');
    await until('a live grant', () => card.text.includes('Active'));
    const alice = await on.login('U0ALICE');
    const credentials = await mint(on, alice, id);
    expect(await on.readOrder(credentials)).toBe('12345');
    await on.command('U0ALICE', `done ${id}`);
    await ended(on, alice, id);
    expect(await on.readOrder(credentials)).toBe('AccessDeniedException');
  });

  it('does not start under credentials that are not the broker’s', async () => {
    await on.node.stop();
    const { iam } = world.cloud.profile('hub-admin');
    const key = await iam.config.credentials();
    await expect(world.start(key)).rejects.toThrow('With the keys of an IAM user a session becomes a console session');
    const other = 'arn:aws:iam::111111111111:role/another-node';
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'sts:AssumeRole' }],
    });
    await iam.send(new CreateRoleCommand({ RoleName: 'another-node', AssumeRolePolicyDocument }));
    await expect(world.start(await assume(world.cloud, other))).rejects.toThrow(
      'names arn:aws:iam::111111111111:role/daypass-node as the broker',
    );
    on = await world.start();
  });
});
