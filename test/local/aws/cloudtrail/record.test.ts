import { describe, expect, it } from 'vitest';
import { type CloudTrailRecord, type RecordableCall, recordsOf } from '#local/aws/cloudtrail/record.ts';
import { admin, assumeRole, call, jitRole, session } from './calls.ts';

const ids = () => {
  let last = 0;
  return () => `id-${++last}`;
};
const records = (made: RecordableCall): CloudTrailRecord[] => recordsOf(made, ids());
const only = (made: RecordableCall): CloudTrailRecord => {
  const [record, ...more] = records(made);
  expect(more).toEqual([]);
  if (!record) throw new Error('no record');
  return record;
};
const denied = {
  error: {
    code: 'AccessDenied',
    message: `User: x is not authorized to perform: sts:AssumeRole on resource: ${jitRole}`,
  },
};

describe('AssumeRole', () => {
  it('within an account is one record, read-only with response elements, and without a secret', () => {
    expect(only(assumeRole(admin('production')))).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAPRODUCTION',
        arn: 'arn:aws:iam::222222222222:user/production-admin',
        accountId: '222222222222',
        accessKeyId: 'AKIAPRODUCTION',
        userName: 'production-admin',
      },
      eventTime: '2026-07-01T12:08:19Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: 'aws-sdk-js/3',
      requestParameters: {
        roleArn: jitRole,
        roleSessionName: 'alice',
        durationSeconds: 900,
        sourceIdentity: 'alice@example.com',
        tags: [{ key: 'daypass:grant', value: '01J0GRANT' }],
        transitiveTagKeys: ['daypass:grant'],
      },
      responseElements: {
        credentials: { accessKeyId: 'ASIAISSUED', expiration: 'Jul 1, 2026, 12:23:19 PM' },
        assumedRoleUser: {
          assumedRoleId: 'AROAEXAMPLE:alice',
          arn: 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/alice',
        },
        sourceIdentity: 'alice@example.com',
      },
      additionalEventData: { RequestDetails: { endpointType: 'regional', awsServingRegion: 'us-east-1' } },
      requestID: 'request-1',
      eventID: 'id-1',
      readOnly: true,
      resources: [{ ARN: jitRole, accountId: '222222222222', type: 'AWS::IAM::Role' }],
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '222222222222',
      eventCategory: 'Management',
    });
  });

  it('across accounts is two records that share an id, and the owner does not see who it was', () => {
    const [callers, owners] = records(assumeRole(session('111111111111', 'daypass-mint')));
    expect(callers).toMatchObject({
      recipientAccountId: '111111111111',
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/daypass-mint/alice' },
    });
    expect(owners).toMatchObject({ recipientAccountId: '222222222222', eventName: 'AssumeRole' });
    expect(owners?.userIdentity).toEqual({
      type: 'AWSAccount',
      principalId: 'AROAEXAMPLE:alice',
      accountId: '111111111111',
    });
    expect(owners?.sharedEventID).toBe(callers?.sharedEventID);
    expect(owners?.sharedEventID).toBeTruthy();
    expect(new Set([owners?.eventID, callers?.eventID, owners?.sharedEventID]).size).toBe(3);
    expect(owners?.responseElements).toEqual(callers?.responseElements);
  });

  it('denied across accounts is seen by the caller alone, and names the role only in the message', () => {
    const record = only(assumeRole(admin('partner'), denied));
    expect(record).toMatchObject({
      recipientAccountId: '333333333333',
      errorCode: 'AccessDenied',
      requestParameters: null,
      responseElements: null,
    });
    expect(record.errorMessage).toContain(`sts:AssumeRole on resource: ${jitRole}`);
    expect(record).not.toHaveProperty('resources');
    expect(record).not.toHaveProperty('sharedEventID');
  });

  it('by a session shows the tags that came along, and only the transitive ones', () => {
    const tags = { 'daypass:grant': 'g-1', team: 'orders' };
    const caller = session('222222222222', 'a', { tags, transitiveTagKeys: ['daypass:grant'] });
    expect(only(assumeRole(caller)).requestParameters?.incomingTransitiveTags).toEqual({ 'daypass:grant': 'g-1' });
  });

  it('by a service is the service’s, with a shared id within one account', () => {
    const record = only({ ...assumeRole(admin('production')), invokedBy: 'lambda.amazonaws.com' });
    expect(record).toMatchObject({
      userIdentity: { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
      sourceIPAddress: 'lambda.amazonaws.com',
      userAgent: 'lambda.amazonaws.com',
      sharedEventID: expect.any(String),
    });
  });
});

it('a session is shown with its issuer, its start and its source identity', () => {
  const caller = session('222222222222', 'daypass-jit-orders-admin', { sourceIdentity: 'alice@example.com' });
  expect(only(call('sts', 'GetCallerIdentity', {}, { output: { Account: '222222222222' } }, caller))).toMatchObject({
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:alice',
      accessKeyId: 'ASIASESSION',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE',
          arn: jitRole,
          accountId: '222222222222',
          userName: 'daypass-jit-orders-admin',
        },
        attributes: { creationDate: '2026-07-01T12:00:00Z', mfaAuthenticated: 'false' },
        sourceIdentity: 'alice@example.com',
      },
    },
    requestParameters: null,
    responseElements: null,
    readOnly: true,
  });
});

it.each([
  ['sts', 'AssumeRole', true],
  ['sts', 'GetCallerIdentity', true],
  ['sts', 'GetSessionToken', false],
  ['sts', 'GetFederationToken', false],
  ['iam', 'GetRole', true],
  ['iam', 'PutRolePolicy', false],
  ['iam', 'UpdateAssumeRolePolicy', false],
  ['states', 'DescribeExecution', true],
  ['states', 'StartExecution', false],
  ['dynamodb', 'Query', true],
  ['dynamodb', 'TransactWriteItems', false],
  ['cloudtrail', 'LookupEvents', true],
])('%s:%s is read-only: %s', (service, action, readOnly) => {
  expect(only(call(service, action, {})).readOnly).toBe(readOnly);
});

it('IAM is recorded in us-east-1 from wherever it was called, STS where it was called', () => {
  expect(only({ ...call('iam', 'GetRole', {}), region: 'eu-west-1' }).awsRegion).toBe('us-east-1');
  expect(only({ ...call('sts', 'GetCallerIdentity', {}), region: 'eu-west-1' }).awsRegion).toBe('eu-west-1');
});

it('a changed trust policy can be read from the record', () => {
  const policy = '{"Version":"2012-10-17","Statement":[]}';
  const record = only(
    call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'daypass-jit-orders-admin', PolicyDocument: policy }),
  );
  expect(record).toMatchObject({
    requestParameters: { roleName: 'daypass-jit-orders-admin', policyDocument: policy },
    responseElements: null,
    eventSource: 'iam.amazonaws.com',
  });
});

describe('data events', () => {
  it('name table and key, and nothing of an item', () => {
    const key = { OrderId: { S: '12345' } };
    expect(
      only(
        call(
          'dynamodb',
          'GetItem',
          { TableName: 'OrdersTable', Key: key },
          { output: { Item: { Secret: { S: 'item content' } } } },
        ),
      ),
    ).toMatchObject({
      managementEvent: false,
      eventCategory: 'Data',
      readOnly: true,
      requestParameters: { tableName: 'OrdersTable', key: { OrderId: '12345' } },
      responseElements: null,
      resources: [
        {
          type: 'AWS::DynamoDB::Table',
          ARN: 'arn:aws:dynamodb:us-east-1:222222222222:table/OrdersTable',
          accountId: '222222222222',
        },
      ],
    });
  });

  it('of several items list them', () => {
    const record = only(
      call('dynamodb', 'TransactWriteItems', {
        TransactItems: [
          { Put: { TableName: 'A', Item: { Id: { S: '1' }, Content: { S: 'item content' } } } },
          {
            Update: {
              TableName: 'B',
              Key: { Id: { S: '2' } },
              ExpressionAttributeValues: { ':x': { S: 'item content' } },
            },
          },
        ],
      }),
    );
    expect(record.requestParameters).toEqual({
      requestItems: [
        { operation: 'Put', tableName: 'A' },
        { operation: 'Update', tableName: 'B', key: { Id: '2' } },
      ],
    });
    expect(record.resources?.map(({ ARN }) => ARN.split('/')[1])).toEqual(['A', 'B']);
  });

  it('that were denied carry AccessDenied, whatever the wire said', () => {
    const error = { code: 'AccessDeniedException', message: 'User: x is not authorized to perform: dynamodb:GetItem' };
    expect(only(call('dynamodb', 'GetItem', { TableName: 'T' }, { error })).errorCode).toBe('AccessDenied');
  });
});

describe('never in a record', () => {
  const cases: [says: string, made: RecordableCall, secret: string][] = [
    ['a secret access key', assumeRole(admin('production')), 'secret-access-key'],
    ['a session token', assumeRole(admin('production')), 'session-token'],
    [
      'the secret of a new access key',
      call(
        'iam',
        'CreateAccessKey',
        { UserName: 'x' },
        { output: { AccessKey: { AccessKeyId: 'AKIANEW', SecretAccessKey: 'new-secret' } } },
      ),
      'new-secret',
    ],
    ['a task token', call('states', 'SendTaskSuccess', { taskToken: 'task-token', output: '{}' }), 'task-token'],
    [
      'a task token in an error',
      call(
        'states',
        'SendTaskSuccess',
        { taskToken: 'task-token' },
        { error: { code: 'InvalidToken', message: "Invalid Token: 'task-token'" } },
      ),
      'task-token',
    ],
    ['an execution’s input', call('states', 'StartExecution', { input: '{"a":"payload"}', name: 'x' }), 'payload'],
    ['a task’s output', call('states', 'SendTaskSuccess', { taskToken: 't', output: '{"a":"payload"}' }), 'payload'],
    ['a failure’s cause', call('states', 'SendTaskFailure', { taskToken: 't', cause: 'payload' }), 'payload'],
    [
      'an event’s detail',
      call('events', 'PutEvents', { Entries: [{ Source: 's', Detail: '{"a":"payload"}' }] }),
      'payload',
    ],
    ['an item', call('dynamodb', 'PutItem', { TableName: 'T', Item: { A: { S: 'payload' } } }), 'payload'],
    [
      'an old item',
      call('dynamodb', 'PutItem', { TableName: 'T' }, { output: { Attributes: { A: { S: 'payload' } } } }),
      'payload',
    ],
    [
      'a batch of items',
      call('dynamodb', 'BatchWriteItem', { RequestItems: { T: [{ PutRequest: { Item: { A: { S: 'payload' } } } }] } }),
      'payload',
    ],
  ];
  it.each(cases)('%s', (_, made, secret) => {
    expect(JSON.stringify(made)).toContain(secret);
    expect(JSON.stringify(records(made))).not.toContain(secret);
  });
});

it('a hidden member says so', () => {
  expect(only(call('states', 'SendTaskSuccess', { taskToken: 'task-token', output: '{}' })).requestParameters).toEqual({
    taskToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    output: 'HIDDEN_DUE_TO_SECURITY_REASONS',
  });
});

it('what is too long is cut or left out, as CloudTrail does', () => {
  const record = only({
    ...call('iam', 'PutRolePolicy', { PolicyDocument: 'x'.repeat(102_401) }),
    userAgent: 'y'.repeat(2_000),
  });
  expect(record.requestParameters).toMatchObject({ omitted: true, originalSize: 102_422 });
  expect(record.userAgent).toHaveLength(1_024);
});
