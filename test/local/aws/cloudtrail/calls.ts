import type { Caller, CompletedCall, RoleSession } from '#local/aws/service.ts';

/** 2026-07-01 12:08:19 UTC. */
export const atMs = Date.parse('2026-07-01T12:08:19.400Z');

export const admin = (name: 'hub' | 'production' | 'partner'): Caller => {
  const accountId = { hub: '111111111111', production: '222222222222', partner: '333333333333' }[name];
  return {
    kind: 'user',
    accountId,
    arn: `arn:aws:iam::${accountId}:user/${name}-admin`,
    userId: `AIDA${name.toUpperCase()}`,
    userName: `${name}-admin`,
    accessKeyId: `AKIA${name.toUpperCase()}`,
  };
};

export const session = (accountId: string, roleName: string, over: Partial<RoleSession> = {}): Caller => ({
  kind: 'session',
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/alice`,
  userId: 'AROAEXAMPLE:alice',
  accessKeyId: 'ASIASESSION',
  session: {
    roleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
    roleName,
    roleId: 'AROAEXAMPLE',
    roleSessionName: 'alice',
    issuedAtMs: Date.parse('2026-07-01T12:00:00.000Z'),
    expiresAtMs: Date.parse('2026-07-01T13:00:00.000Z'),
    tags: {},
    transitiveTagKeys: [],
    sessionPolicies: [],
    ...over,
  },
});

type Answer = { output: Record<string, unknown> } | { error: { code: string; message: string } };

export const call = (
  service: string,
  action: string,
  input: Record<string, unknown>,
  answer: Answer = { output: {} },
  caller: Caller = admin('production'),
): CompletedCall => ({
  service,
  region: 'us-east-1',
  action,
  input,
  caller,
  sourceIp: '127.0.0.1',
  userAgent: 'aws-sdk-js/3',
  requestId: 'request-1',
  atMs,
  ...answer,
});

export const jitRole = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

export const assumeRole = (caller: Caller, answer?: Answer): CompletedCall =>
  call(
    'sts',
    'AssumeRole',
    {
      RoleArn: jitRole,
      RoleSessionName: 'alice',
      DurationSeconds: '900',
      SourceIdentity: 'alice@example.com',
      Tags: [{ Key: 'daypass:grant', Value: '01J0GRANT' }],
      TransitiveTagKeys: ['daypass:grant'],
    },
    answer ?? {
      output: {
        Credentials: {
          AccessKeyId: 'ASIAISSUED',
          SecretAccessKey: 'secret-access-key',
          SessionToken: 'session-token',
          Expiration: '2026-07-01T12:23:19Z',
        },
        AssumedRoleUser: {
          AssumedRoleId: 'AROAEXAMPLE:alice',
          Arn: 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice',
        },
        SourceIdentity: 'alice@example.com',
      },
    },
    caller,
  );
