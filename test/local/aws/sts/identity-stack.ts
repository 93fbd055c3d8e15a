import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { createEndpoint } from '#local/aws/endpoint.ts';
import { createIdentity } from '#local/aws/iam/identity.ts';
import { keyRing } from '#local/aws/iam/keys.ts';
import type { PolicyDocument, Seed } from '#local/aws/iam/seed.ts';
import type { AwsService, CompletedCall } from '#local/aws/service.ts';
import type { ServiceAssumed } from '#local/aws/sts/service.ts';
import { turnableClock } from '#local/clock.ts';
import type { Clock } from '#ports/clock.ts';

export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

export const allow = (
  action: string | string[],
  resource: string | string[] = '*',
  more: object = {},
): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource, ...more }],
});

export const trust = (principal: object | '*', action: string | string[] = 'sts:AssumeRole', more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: action, ...more }],
});

/** Three accounts with an administrator each, and a broker role in the hub that `hub-admin` may take. */
export const smallWorld: Seed = {
  accounts: [
    { id: '111111111111', name: 'hub' },
    { id: '222222222222', name: 'production' },
    { id: '333333333333', name: 'partner' },
  ],
  users: [
    { accountId: '111111111111', userName: 'hub-admin', policies: { admin: allow('*') } },
    { accountId: '222222222222', userName: 'production-admin', policies: { admin: allow('*') } },
    { accountId: '333333333333', userName: 'partner-admin', policies: { admin: allow('*') } },
    { accountId: '222222222222', userName: 'nobody', policies: {} },
  ],
  roles: [
    {
      accountId: '111111111111',
      roleName: 'broker',
      trust: trust({ AWS: 'arn:aws:iam::111111111111:root', Service: 'lambda.amazonaws.com' }),
      policies: { assume: allow(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']) },
    },
  ],
};

/** Bytes that differ at every call and are the same in every run. */
const countedBytes = () => {
  let calls = 0;
  return (size: number): Uint8Array => {
    calls += 1;
    return createHash('sha512').update(String(calls)).digest().subarray(0, size);
  };
};

export const startIdentity = async (
  world: Seed = smallWorld,
  options: { wallClock?: Clock; services?: Record<string, AwsService>; db?: DatabaseSync } = {},
) => {
  const clock = turnableClock();
  const db = options.db ?? new DatabaseSync(':memory:');
  const completed: CompletedCall[] = [];
  const faults: unknown[] = [];
  const assumed: ServiceAssumed[] = [];
  const { iam, sts } = createIdentity({
    db,
    clock,
    keys: keyRing(new Uint8Array(32).fill(7)),
    random: countedBytes(),
    serviceAssumed: (one) => assumed.push(one),
  });
  iam.seed(world);
  const endpoint = createEndpoint({
    services: { iam, sts, ...options.services },
    iam,
    clock,
    completed: (call) => completed.push(call),
    fault: (error) => faults.push(error),
    ...(options.wallClock ? { wallClock: options.wallClock } : {}),
  });
  const port = await endpoint.listen(0);
  const url = `http://127.0.0.1:${port}`;
  const clients: { destroy(): void }[] = [];
  const kept = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const settings = (credentials: Keys, region = 'us-east-1') => ({
    endpoint: url,
    region,
    credentials,
    maxAttempts: 1,
  });
  return {
    clock,
    db,
    iam,
    sts,
    completed,
    faults,
    assumed,
    url,
    port,
    settings,
    userKeys: (accountId: string, name: string): Keys => iam.credentialsOf(`arn:aws:iam::${accountId}:user/${name}`),
    stsClient: (keys: Keys, region?: string) => kept(new STSClient(settings(keys, region))),
    iamClient: (keys: Keys) => kept(new IAMClient(settings(keys))),
    close: async () => {
      for (const client of clients) client.destroy();
      await endpoint.close();
    },
  };
};

export type IdentityStack = Awaited<ReturnType<typeof startIdentity>>;

/** The credentials in an AssumeRole answer. Throws when there are none. */
export const keysOf = (answer: {
  Credentials?:
    | { AccessKeyId?: string | undefined; SecretAccessKey?: string | undefined; SessionToken?: string | undefined }
    | undefined;
}): Required<Keys> => {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = answer.Credentials ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error('The answer holds no credentials.');
  return { accessKeyId, secretAccessKey, sessionToken };
};
