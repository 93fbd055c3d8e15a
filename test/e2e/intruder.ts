import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { until } from '#test/kit/until.ts';
import type { Credentials } from './actors.ts';
import type { Message } from './slack-stand-in.ts';
import type { World } from './world.ts';

export type BreakIn = {
  /** By default the managed role of `orders-admin`. */
  into?: string;
  /** Spaces in the new trust policy. */
  padding?: number;
  tags?: Readonly<Record<string, string>>;
};

/** The administrator of production lets itself into a role and takes it, past Daypass. */
export const breakIn = async (
  world: World,
  sessionName: string,
  { into = 'daypass-jit-orders-admin', padding = 0, tags = {} }: BreakIn = {},
): Promise<Credentials> => {
  const admin = world.profile('production-admin');
  const { Role } = await admin.iam.send(new GetRoleCommand({ RoleName: into }));
  const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')) as { Statement: unknown[] };
  const Principal = { AWS: 'arn:aws:iam::222222222222:user/production-admin' };
  const Action = ['sts:AssumeRole', 'sts:TagSession'];
  const Statement = [...trust.Statement, { Effect: 'Allow', Principal, Action }];
  const PolicyDocument = `${JSON.stringify({ ...trust, Statement })}${' '.repeat(padding)}`;
  await admin.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: into, PolicyDocument }));
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { Credentials: issued } = await admin.sts.send(
    new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: sessionName, Tags }),
  );
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
};

export const alertNaming = (world: World, what: string): Promise<Message> =>
  until(`an alert naming ${what}`, () =>
    world.cards('C0SECURITY').find((message) => JSON.stringify(message).includes(what)),
  );

export const says = (message: Message, what: string): Promise<boolean> =>
  until(`the alert to say "${what}"`, () => JSON.stringify(message).includes(what));
