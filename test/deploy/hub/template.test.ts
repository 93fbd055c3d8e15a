import { describe, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { compiled, ofType, type Resource, resolved } from './compiled.ts';

const template = compiled('local');

describe('the table', () => {
  it('survives the stack, is encrypted and can be brought back to any second', () => {
    expect(template.Resources.DaypassTable).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'daypass',
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
    });
  });
});

describe('the HTTP API', () => {
  const [stage] = ofType(template, 'AWS::ApiGatewayV2::Stage').map(([, properties]) => properties);
  const { Format: accessLogFormat = '' } = (stage?.AccessLogSettings ?? {}) as { Format?: string };
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, properties]) => properties);

  it('has the routes of the configurations, each to its own function, and no others', () => {
    const targets = routes.map(({ RouteKey, Target }) => [RouteKey, resolved(template, Target)]);
    const wanted = functions.flatMap(({ name, trigger }) =>
      trigger.kind === 'http' ? trigger.routes.map((route) => [route, name]) : [],
    );
    const integrationOf: Readonly<Record<string, string>> = {
      'slack-events': 'integrations/SlackEventsIntegration',
      api: 'integrations/ApiIntegration',
      'mint-credentials': 'integrations/MintCredentialsIntegration',
    };
    expect(targets).toEqual(wanted.map(([route = '', name = '']) => [route, integrationOf[name]]));
    const uris = ofType(template, 'AWS::ApiGatewayV2::Integration').map(([id, { IntegrationUri }]) => [
      id,
      resolved(template, IntegrationUri),
    ]);
    expect(uris).toEqual([
      ['SlackEventsIntegration', 'arn:aws:lambda:us-east-1:111111111111:function:daypass-slack-events'],
      ['ApiIntegration', 'arn:aws:lambda:us-east-1:111111111111:function:daypass-api'],
      ['MintCredentialsIntegration', 'arn:aws:lambda:us-east-1:111111111111:function:daypass-mint-credentials'],
    ]);
  });

  it('lets fewer calls through where each costs a guess or credentials', () => {
    expect(stage?.RouteSettings).toEqual({
      'POST /v1/requests/{id}/credentials': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
      'POST /v1/device/authorize': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
      'POST /v1/device/token': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
    });
    const keys = routes.map(({ RouteKey }) => RouteKey);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(stage?.RouteSettings ?? {})));
    expect(resolved(template, stage?.DefaultRouteSettings)).toEqual({
      ThrottlingRateLimit: '50',
      ThrottlingBurstLimit: '100',
    });
  });

  it('logs each call without anything that the caller wrote', () => {
    const used = Object.values(JSON.parse(accessLogFormat) as Record<string, string>);
    expect(used.sort()).toEqual([
      '$context.error.message',
      '$context.identity.sourceIp',
      '$context.integrationErrorMessage',
      '$context.requestId',
      '$context.requestTime',
      '$context.responseLatency',
      '$context.routeKey',
      '$context.status',
    ]);
  });

  it('answers no browser of another origin', () => {
    expect(JSON.stringify(template)).not.toContain('CorsConfiguration');
  });
});

it('only the other accounts of access.yaml may put events, and only those that AWS made', () => {
  const [policy] = ofType(template, 'AWS::Events::EventBusPolicy').map(([, properties]) => properties);
  expect(resolved(template, policy)).toEqual({
    EventBusName: 'default',
    StatementId: 'daypass-target-accounts',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::333333333333:root'] },
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:us-east-1:111111111111:event-bus/default',
      Condition: {
        'ForAllValues:StringLike': { 'events:source': 'aws.*', 'events:detail-type': '* via CloudTrail' },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      },
    },
  });
});

it('every queue is encrypted and keeps what it has for fourteen days', () => {
  const queues = ofType(template, 'AWS::SQS::Queue').map(([, properties]) => properties);
  // One for each rule and schedule, one for each function that they invoke, one more where it tries again.
  expect(queues).toHaveLength(12 + 9 + 7);
  for (const queue of queues)
    expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
});

it('every log group is kept for as long as the parameter says', () => {
  const groups = ofType(template, 'AWS::Logs::LogGroup').map(([, properties]) => properties);
  expect(groups).toHaveLength(functions.length + 4);
  for (const group of groups) expect(resolved(template, group)).toMatchObject({ RetentionInDays: '90' });
});

it('everything that can have tags says that it is of Daypass and of which stage', () => {
  const cannot = [
    'AWS::ApiGatewayV2::Integration',
    'AWS::ApiGatewayV2::Route',
    'AWS::CloudWatch::Dashboard',
    'AWS::Events::EventBusPolicy',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Permission',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::Subscription',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
  ];
  const tagsOf = ({ Properties: { Tags } }: Resource): unknown =>
    Array.isArray(Tags)
      ? Object.fromEntries((Tags as { Key: string; Value: string }[]).map((tag) => [tag.Key, tag.Value]))
      : Tags;
  const untagged = Object.entries(template.Resources).filter(([, { Type }]) => !cannot.includes(Type));
  for (const [id, resource] of untagged)
    expect([id, tagsOf(resource)]).toEqual([id, { Project: 'daypass', 'daypass:stage': 'local' }]);
});

it('says what onboarding an account needs', () => {
  const values = Object.entries(template.Outputs).map(([name, { Value }]) => [name, resolved(template, Value)]);
  expect(Object.fromEntries(values)).toMatchObject({
    ApiUrl: 'https://HttpApi.execute-api.us-east-1.amazonaws.com',
    ForwardingBusArn: 'arn:aws:events:us-east-1:111111111111:event-bus/default',
    DomainBusArn: 'arn:aws:events:us-east-1:111111111111:event-bus/daypass',
    MintCredentialsRoleArn: 'arn:aws:iam::111111111111:role/daypass-mint-credentials',
    RevokeSessionsRoleArn: 'arn:aws:iam::111111111111:role/daypass-revoke-sessions',
    RevokeAlertRoleArn: 'arn:aws:iam::111111111111:role/daypass-revoke-alert',
    RevokeLockedRoleArn: 'arn:aws:iam::111111111111:role/daypass-revoke-locked',
    SweepRoleArn: 'arn:aws:iam::111111111111:role/daypass-sweep',
    SettleExecutionRoleArn: 'arn:aws:iam::111111111111:role/daypass-settle-execution',
    FollowChainRoleArn: 'arn:aws:iam::111111111111:role/daypass-follow-chain',
    RestoreDenyRoleArn: 'arn:aws:iam::111111111111:role/daypass-restore-deny',
  });
});
