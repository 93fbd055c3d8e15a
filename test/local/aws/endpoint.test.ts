import { connect } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError, type AwsService } from '#local/aws/service.ts';
import { type IdentityStack, smallWorld, startIdentity } from './sts/identity-stack.ts';

/** A service that does what its input says. */
const obedient: AwsService = {
  needs: ({ input }) => [{ action: 'states:DescribeExecution', resource: String(input.executionArn) }],
  handle: async ({ input }) => {
    const wish = String(input.executionArn).split(':').at(-1);
    if (wish === 'crash') throw new TypeError('a secret of the inside');
    if (wish === 'refuse') throw new AwsError('ExecutionDoesNotExist', 'Execution does not exist.');
    return { status: 'RUNNING', startDate: new Date('2026-11-22T10:00:00.500Z') };
  },
};

const executionArn = (name: string) => `arn:aws:states:us-east-1:111111111111:execution:m:${name}`;

let stack: IdentityStack;
beforeEach(async () => {
  stack = await startIdentity(smallWorld, { services: { states: obedient } });
});
afterEach(() => stack.close());

const admin = () => stack.userKeys('111111111111', 'hub-admin');

const describeExecution = async (name: string) => {
  const client = new SFNClient(stack.settings(admin()));
  try {
    return await client.send(new DescribeExecutionCommand({ executionArn: executionArn(name) }));
  } finally {
    client.destroy();
  }
};

/** Sends bytes as they are and reads until the other side is done. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(stack.port, '127.0.0.1', () => socket.write(bytes));
    let seen = '';
    socket.on('data', (chunk) => {
      seen += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(seen));
  });

describe('the endpoint', () => {
  it('answers a JSON service in JSON', async () => {
    await expect(describeExecution('one')).resolves.toMatchObject({
      status: 'RUNNING',
      startDate: new Date('2026-11-22T10:00:00.500Z'),
    });
  });

  it('passes a service’s refusal on as that error', async () => {
    await expect(describeExecution('refuse')).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
      message: 'Execution does not exist.',
    });
  });

  it('hides what broke inside, and tells its own log', async () => {
    await expect(describeExecution('crash')).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
    await expect(describeExecution('crash')).rejects.not.toThrow('secret');
    expect(stack.faults).toHaveLength(2);
    await expect(describeExecution('one')).resolves.toBeDefined();
  });

  it('refuses a service that is not there by its name', async () => {
    const client = new DynamoDBClient(stack.settings(admin()));
    await expect(client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'The service dynamodb is not part of the embedded stack, which has: iam, states, sts.',
    });
    client.destroy();
  });

  it('reports each call of a known caller once, with its outcome and without secrets', async () => {
    const sts = stack.stsClient(admin());
    await sts.send(new GetCallerIdentityCommand({}));
    await sts.send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111111111111:role/broker', RoleSessionName: 'mint' }),
    );
    await expect(describeExecution('refuse')).rejects.toThrow();
    const nobody = stack.iamClient(stack.userKeys('222222222222', 'nobody'));
    await expect(nobody.send(new ListRolesCommand({}))).rejects.toThrow();
    expect(stack.completed).toMatchObject([
      {
        service: 'sts',
        action: 'GetCallerIdentity',
        region: 'us-east-1',
        sourceIp: '127.0.0.1',
        output: { Account: '111111111111' },
      },
      {
        service: 'sts',
        action: 'AssumeRole',
        input: { RoleSessionName: 'mint' },
        output: { Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/) } },
      },
      { service: 'states', action: 'DescribeExecution', error: { code: 'ExecutionDoesNotExist' } },
      { service: 'iam', action: 'ListRoles', error: { code: 'AccessDenied' }, caller: { userName: 'nobody' } },
    ]);
    expect(stack.completed[1]).not.toHaveProperty('output.Credentials.SecretAccessKey');
    expect(stack.completed[1]).not.toHaveProperty('output.Credentials.SessionToken');
    expect(new Set(stack.completed.map(({ requestId }) => requestId)).size).toBe(4);
    expect(stack.completed.every(({ userAgent }) => userAgent.startsWith('aws-sdk-js/'))).toBe(true);
  });

  it('does not report who could not prove who they are', async () => {
    const { accessKeyId } = admin();
    const liar = stack.stsClient({ accessKeyId, secretAccessKey: 'not-the-secret' });
    await expect(liar.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    expect(stack.completed).toEqual([]);
  });

  it('asks IAM of the caller’s account before a service sees the call', async () => {
    const client = new SFNClient(stack.settings(stack.userKeys('333333333333', 'partner-admin')));
    await expect(
      client.send(new DescribeExecutionCommand({ executionArn: executionArn('crash') })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::333333333333:user/partner-admin is not authorized to perform: states:DescribeExecution on resource: ${executionArn('crash')} because no resource-based policy allows the states:DescribeExecution action`,
      $metadata: { httpStatusCode: 400 },
    });
    expect(stack.faults).toEqual([]);
    client.destroy();
  });

  it('takes the region from the signature', async () => {
    await stack.stsClient(admin(), 'eu-west-1').send(new GetCallerIdentityCommand({}));
    expect(stack.completed).toMatchObject([{ region: 'eu-west-1' }]);
  });
});

describe('a request that is not one', () => {
  const post = (headers: string, body = '') =>
    raw(
      `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`,
    );

  it('without a signature is told so, in XML or JSON as it would be read', async () => {
    expect(await post('Content-Type: application/x-www-form-urlencoded\r\n', 'Action=ListRoles')).toMatch(
      /^HTTP\/1.1 403 .*<Code>MissingAuthenticationToken<\/Code>/s,
    );
    expect(await post('X-Amz-Target: AWSStepFunctions.ListExecutions\r\n', '{}')).toMatch(
      /^HTTP\/1.1 400 .*"__type":"MissingAuthenticationTokenException"/s,
    );
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1.1 400 /],
    ['a header that is none', 'GET / HTTP/1.1\r\n: x\r\n\r\n', /^HTTP\/1.1 400 /],
    ['another method', 'DELETE /x?a=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 403 /],
    [
      'an authorization of another kind',
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic eA==\r\n\r\n',
      /IncompleteSignature/,
    ],
  ])('with %s is answered and harms nobody', async (_, bytes, answer) => {
    expect(await raw(bytes)).toMatch(answer);
    await expect(describeExecution('one')).resolves.toBeDefined();
  });

  it('that is too large is refused as such', async () => {
    const answer = await post('', 'x'.repeat(1024 * 1024 + 1));
    expect(answer).toMatch(/^HTTP\/1.1 413 .*RequestEntityTooLarge/s);
  });

  it('that breaks off leaves nothing behind', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(stack.port, '127.0.0.1', () =>
        socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy()),
      );
      socket.on('close', () => resolve());
    });
    await expect(describeExecution('one')).resolves.toBeDefined();
    expect(stack.faults).toEqual([]);
  });

  it('with an operation that is not there is refused by its name', async () => {
    const client = new IAMClient(stack.settings(admin()));
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string };
        request.body = request.body.replace('Action=ListRoles', 'Action=ListCakes');
        return next(args);
      },
      { step: 'build', name: 'anotherAction' },
    );
    await expect(client.send(new ListRolesCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'Could not find operation ListCakes for version 2010-05-08',
    });
    client.destroy();
  });
});

describe('closing', () => {
  it('lets a call that is under way finish and takes no new one', async () => {
    const closing = await startIdentity(smallWorld);
    const client = closing.stsClient(closing.userKeys('111111111111', 'hub-admin'));
    await client.send(new GetCallerIdentityCommand({}));
    await closing.close();
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
