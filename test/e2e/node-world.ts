import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRoleCommand,
  PutRolePolicyCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Policy } from '#core/policy/policy.ts';
import { readPolicy } from '#core/policy/read.ts';
import { asOnboardedTag } from '#core/role-shape.ts';
import { managedRoleTrust } from '#deploy/onboarding/managed-role.ts';
import { onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { revokerTrust } from '#deploy/onboarding/revoker.ts';
import { appToken, startSocketModeStandIn } from '#test/local/node/socket-mode-stand-in.ts';
import { type Actors, actorsOn, type Credentials } from './actors.ts';
import { type ChildStack, startChild } from './child-stack.ts';
import type { SlackAnswer } from './slack-person.ts';
import { startSlackStandIn } from './slack-stand-in.ts';

export const nodeBotToken = 'xoxb-e2e-node';
export const broker = 'arn:aws:iam::111111111111:role/daypass-node';

const policyOf = (text: string): Policy => {
  const read = readPolicy(text);
  if (!read.ok) throw new Error('The policy of the node cannot be read.');
  return read.policy;
};

const inline = (actions: readonly string[], resource: unknown) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }],
  });

/** A session of a role of the hub. */
export const assume = async (cloud: Actors, RoleArn: string): Promise<Credentials> => {
  const { sts } = cloud.profile('hub-admin');
  const { Credentials: issued } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'i-0123456789' }));
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
};

/** Prepares the cloud's accounts as onboarding with `--broker` does. Returns the node's own credentials. */
const onboard = async (cloud: Actors, policy: Policy): Promise<Credentials> => {
  const plan = onboardingPlan(policy, targetsOf(policy), { broker });
  const hub = cloud.profile('hub-admin').iam;
  const RoleName = 'daypass-node';
  // What an instance role is on a machine of EC2: here an administrator of the hub gets its credentials.
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'sts:AssumeRole' }],
  });
  await hub.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const lends = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
  const roles = ['arn:aws:iam::*:role/daypass-jit-*', 'arn:aws:iam::*:role/daypass-revoker'];
  const put = (PolicyName: string, PolicyDocument: string) =>
    hub.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  await put('lend', inline(lends, roles));
  await put('trail', inline(['cloudtrail:LookupEvents'], '*'));
  for (const account of plan.accounts) {
    const { iam } = cloud.profile(`${account.name}-admin`);
    const trust = (RoleName: string, document: unknown) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(document) }));
    for (const role of account.roles) {
      await trust(role.roleName, managedRoleTrust(role, plan.brokers, account.externalIds));
      // What it says was true before: the node would find, at whichever role's turn it is, that somebody let it in.
      await iam.send(new UntagRoleCommand({ RoleName: role.roleName, TagKeys: [asOnboardedTag] }));
    }
    await trust('daypass-revoker', revokerTrust(plan.revokers, account.externalIds));
    const PolicyDocument = inline(['cloudtrail:LookupEvents'], '*');
    await iam.send(new PutRolePolicyCommand({ RoleName: 'daypass-revoker', PolicyName: 'trail', PolicyDocument }));
  }
  return assume(cloud, broker);
};

/**
 * An embedded stack that stands for AWS, and a node beside it that lends access there: with its own data, connected to
 * a Slack stand-in by Socket Mode. The node can be killed and started again.
 */
export const openNodeWorld = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-node-'));
  const dataFolder = join(folder, 'node');
  const slack = await startSlackStandIn();
  const socket = await startSocketModeStandIn({ webApiUrl: slack.url });
  const cloudStack = await startChild({ dataFolder: join(folder, 'cloud') });
  const cloud = actorsOn({
    appUrl: cloudStack.app,
    awsUrl: cloudStack.aws,
    dataFolder: cloudStack.data,
    slack,
    nowMs: Date.now,
  });

  const policyPath = join(folder, 'access.yaml');
  writeFileSync(
    policyPath,
    readFileSync('access.yaml', 'utf8').replace('id: "111111111111"', `id: "111111111111"\n    broker: ${broker}`),
  );
  const key = await onboard(cloud, policyOf(readFileSync(policyPath, 'utf8')));

  const environmentFor = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> => ({
    SLACK_APP_TOKEN: appToken,
    SLACK_BOT_TOKEN: nodeBotToken,
    SLACK_API_URL: socket.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    AWS_ENDPOINT_URL_STS: cloudStack.aws,
    AWS_ENDPOINT_URL_IAM: cloudStack.aws,
    AWS_ENDPOINT_URL_CLOUDTRAIL: cloudStack.aws,
  });

  /** What Slack would have posted, through the socket. */
  const post = async (body: string): Promise<SlackAnswer> => {
    const form = Object.fromEntries(new URLSearchParams(body));
    const { payload } = await (form.payload === undefined
      ? socket.deliver('slash_commands', form)
      : socket.deliver('interactive', JSON.parse(form.payload) as Record<string, unknown>));
    return { status: 200, text: JSON.stringify(payload), body: payload };
  };

  let node: ChildStack | undefined;
  const start = async (credentials: Credentials = key): Promise<Actors & { node: ChildStack }> => {
    node = await startChild({
      dataFolder,
      options: [
        ...['--policy', policyPath, '--aws', 'real'],
        ...['--regions', 'us-east-1', '--trail-every', '1', '--trust-machine'],
      ],
      environment: environmentFor(credentials),
    });
    // People see the cloud's AWS; the node's own is nobody's business.
    const people = actorsOn({
      appUrl: node.app,
      awsUrl: cloudStack.aws,
      dataFolder: cloudStack.data,
      slack,
      nowMs: Date.now,
      post,
    });
    return { ...people, node };
  };

  return {
    cloud,
    socket,
    slack,
    key,
    dataFolder,
    start,
    close: async () => {
      await node?.kill();
      await cloudStack.kill();
      await socket.stop();
      await slack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type NodeWorld = Awaited<ReturnType<typeof openNodeWorld>>;
