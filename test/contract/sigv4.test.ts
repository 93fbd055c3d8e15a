import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeProfiles } from '#local/aws/iam/profiles.ts';
import type { AwsService } from '#local/aws/service.ts';
import { canonicalRequest, sha256Hex, signatureOf, stringToSign, uriEncode } from '#local/aws/sigv4/canonical.ts';
import { systemClock } from '#local/clock.ts';
import {
  type IdentityStack,
  type Keys,
  keysOf,
  smallWorld,
  startIdentity,
} from '#test/local/aws/sts/identity-stack.ts';
import { cliNote, cliVersion, runCli, runCliWithProfile } from '#test/local/aws/wire/aws-cli.ts';

const silent: AwsService = { needs: () => [], handle: async () => ({}) };

let stack: IdentityStack;
beforeEach(async () => {
  stack = await startIdentity(smallWorld, {
    services: { states: silent, dynamodb: silent, events: silent, cloudtrail: silent },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await stack.close();
});

const admin = () => stack.userKeys('111111111111', 'hub-admin');
const session = async () =>
  keysOf(
    await stack
      .stsClient(admin())
      .send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111111111111:role/broker', RoleSessionName: 'alice' })),
  );

describe('every official client is understood', () => {
  it.each<[string, (settings: ReturnType<IdentityStack['settings']>) => Promise<unknown>]>([
    ['Step Functions', (settings) => new SFNClient(settings).send(new ListStateMachinesCommand({}))],
    [
      'DynamoDB',
      (settings) =>
        new DynamoDBClient(settings).send(new GetItemCommand({ TableName: 'Ünïcode ✓', Key: { id: { S: '1' } } })),
    ],
    ['EventBridge', (settings) => new EventBridgeClient(settings).send(new PutEventsCommand({ Entries: [] }))],
    ['CloudTrail', (settings) => new CloudTrailClient(settings).send(new LookupEventsCommand({}))],
    ['STS', (settings) => new STSClient(settings).send(new GetCallerIdentityCommand({}))],
  ])('%s', async (_, send) => {
    const before = stack.completed.length;
    await expect(send(stack.settings(admin()))).resolves.toBeDefined();
    await expect(send(stack.settings(await session()))).resolves.toBeDefined();
    // The user's call, the one that makes the session, and the session's.
    expect(stack.completed.slice(before).map((call) => 'output' in call)).toEqual([true, true, true]);
  });

  it('in their protocol, when their signature is wrong', async () => {
    const wrong = stack.settings({ ...admin(), secretAccessKey: 'wrong' });
    await expect(new DynamoDBClient(wrong).send(new GetItemCommand({ TableName: 't', Key: {} }))).rejects.toMatchObject(
      { name: 'InvalidSignatureException', $metadata: { httpStatusCode: 400 } },
    );
    await expect(new STSClient(wrong).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('the clock that clients sign with', () => {
  it('is not the stack’s: a stack turned a year ahead still takes a signature of today', async () => {
    await stack.clock.turn(365 * 86_400_000);
    await expect(stack.stsClient(admin()).send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  });

  it('may be off by five minutes and no more', async () => {
    const nowMs = systemClock().nowMs();
    for (const [minutes, name] of [
      [4, undefined],
      [6, 'SignatureDoesNotMatch'],
      [-6, 'SignatureDoesNotMatch'],
    ] as const) {
      const other = await startIdentity(smallWorld, { wallClock: { nowMs: () => nowMs + minutes * 60_000 } });
      const answer = other
        .stsClient(other.userKeys('111111111111', 'hub-admin'))
        .send(new GetCallerIdentityCommand({}));
      if (name === undefined) await expect(answer).resolves.toBeDefined();
      else await expect(answer).rejects.toMatchObject({ name });
      await other.close();
    }
  });
});

/** A presigned GetCallerIdentity, as tokens for Kubernetes are made. */
const presigned = (keys: Keys, change: { expiresSec?: number; ageMs?: number } = {}): string => {
  const signedAt = new Date(systemClock().nowMs() - (change.ageMs ?? 0)).toISOString();
  const amzDate = `${signedAt.replace(/[-:]/g, '').slice(0, 15)}Z`;
  const scope = { date: amzDate.slice(0, 8), region: 'us-east-1', service: 'sts' };
  const query = Object.entries({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${keys.accessKeyId}/${scope.date}/us-east-1/sts/aws4_request`,
    'X-Amz-Date': amzDate,
    'X-Amz-Expires': String(change.expiresSec ?? 60),
    'X-Amz-SignedHeaders': 'host',
    ...(keys.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': keys.sessionToken }),
  })
    .map(([name, value]) => `${name}=${uriEncode(value)}`)
    .join('&');
  const request = { method: 'GET', path: '/', query, rawHeaders: ['Host', `127.0.0.1:${stack.port}`] };
  const signature = signatureOf(
    keys.secretAccessKey,
    scope,
    stringToSign(amzDate, scope, canonicalRequest(request, ['host'], sha256Hex(''))),
  );
  return `${stack.url}/?${query}&X-Amz-Signature=${signature}`;
};

describe('a presigned request', () => {
  it('proves who a user or a session is', async () => {
    const asUser = await fetch(presigned(admin()));
    expect(await asUser.text()).toContain('<Arn>arn:aws:iam::111111111111:user/hub-admin</Arn>');
    const asSession = await fetch(presigned(await session()));
    expect(await asSession.text()).toContain('<Arn>arn:aws:sts::111111111111:assumed-role/broker/alice</Arn>');
  });

  it('is good for as long as it says, beyond five minutes too', async () => {
    expect((await fetch(presigned(admin(), { ageMs: 600_000, expiresSec: 900 }))).status).toBe(200);
    const late = await fetch(presigned(admin(), { ageMs: 61_000, expiresSec: 60 }));
    expect(late.status).toBe(400);
    expect(await late.text()).toContain('<Code>RequestExpired</Code>');
  });

  it('cannot be turned into another', async () => {
    const changed = await fetch(presigned(admin()).replace('GetCallerIdentity', 'AssumeRole'));
    expect(changed.status).toBe(403);
    expect(await changed.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
  });
});

describe(`profiles${cliNote}`, () => {
  it('are all that an unchanged client needs', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'daypass-profiles-'));
    writeProfiles(dir, {
      endpointUrl: stack.url,
      region: 'us-east-1',
      users: [
        { profile: 'hub-admin', credentials: stack.iam.credentialsOf('arn:aws:iam::111111111111:user/hub-admin') },
      ],
    });
    const files = { AWS_CONFIG_FILE: join(dir, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(dir, 'credentials') };
    for (const [name, value] of Object.entries(files)) vi.stubEnv(name, value);
    // The SDK looks for endpoint_url in the profile of AWS_PROFILE only, not of the client's option `profile`.
    vi.stubEnv('AWS_PROFILE', 'hub-admin');
    const client = new STSClient({ maxAttempts: 1 });
    expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::111111111111:user/hub-admin');
    client.destroy();
    if (cliVersion !== undefined) {
      const seen = await runCliWithProfile(files, 'hub-admin', ['sts', 'get-caller-identity']);
      expect(seen.stderr).toBe('');
      expect(JSON.parse(seen.stdout)).toMatchObject({ Arn: 'arn:aws:iam::111111111111:user/hub-admin' });
    }
    rmSync(dir, { recursive: true });
  });
});

describe(`a session${cliNote}`, () => {
  it('is cut off by a deny while its client goes on', async () => {
    const keys = await session();
    const iam = stack.iamClient(keys);
    await expect(iam.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    if (cliVersion === undefined) return;
    const seen = await runCli(stack.url, keys, ['iam', 'list-roles']);
    expect(seen.code).not.toBe(0);
    expect(seen.stderr).toContain(
      'An error occurred (AccessDenied) when calling the ListRoles operation: User: arn:aws:sts::111111111111:assumed-role/broker/alice is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::111111111111:role/ because no identity-based policy allows the iam:ListRoles action',
    );
    const json = await runCli(stack.url, keys, ['stepfunctions', 'list-state-machines']);
    expect(json).toMatchObject({ code: 0, stderr: '' });
  });
});
