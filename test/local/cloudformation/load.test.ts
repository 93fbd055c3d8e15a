import { describe, expect, it } from 'vitest';
import { loadTemplate } from '#local/cloudformation/load.ts';
import { deployedFrom } from '#local/cloudformation/resources.ts';

const place = { accountId: '222222222222', region: 'eu-west-1' };
const queue = (Properties: object, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties, ...more });
const load = (template: object) => loadTemplate(template as Record<string, unknown>, place);
const workedOut = (value: unknown, more: object = {}): unknown =>
  load({ ...more, Resources: { Q: queue({ QueueName: 'q', value }), R: role, B: boundary } })[0]?.properties.value;

const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker' } };
const boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'limit' } };

describe('a value', () => {
  const Mappings = { Accounts: { '222222222222': { Ids: ['a', 'b'] } } };
  it.each([
    ['a pseudo parameter', { Ref: 'AWS::AccountId' }, '222222222222'],
    ['a managed policy', { Ref: 'B' }, 'arn:aws:iam::222222222222:policy/limit'],
    ['a role', { Ref: 'R' }, 'worker'],
    ['an attribute', { 'Fn::GetAtt': ['R', 'Arn'] }, 'arn:aws:iam::222222222222:role/worker'],
    [
      'a text',
      { 'Fn::Sub': 'arn:${AWS::Partition}:x:${AWS::Region}:${Q.Arn}:${!kept}' },
      'arn:aws:x:eu-west-1:arn:aws:sqs:eu-west-1:222222222222:q:${kept}',
    ],
    ['a join', { 'Fn::Join': [':', ['a', { Ref: 'AWS::Region' }]] }, 'a:eu-west-1'],
    ['a lookup', { 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::AccountId' }, 'Ids'] }, ['a', 'b']],
    ['a choice', { 'Fn::If': ['Here', 'yes', { Ref: 'AWS::Nonsense' }] }, 'yes'],
    ['deep inside', { a: [{ b: { Ref: 'AWS::Region' } }] }, { a: [{ b: 'eu-west-1' }] }],
    ['a policy’s own condition', { Condition: { Null: { x: 'true' } } }, { Condition: { Null: { x: 'true' } } }],
    ['a policy’s own variable', '${aws:username}', '${aws:username}'],
  ])('that is %s is worked out', (_, value, expected) => {
    const Conditions = { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } };
    expect(workedOut(value, { Mappings, Conditions })).toEqual(expected);
  });

  it.each([
    ['an unknown function', { 'Fn::Select': [0, ['a']] }, 'the function Fn::Select is not known'],
    ['an unknown pseudo parameter', { Ref: 'AWS::StackName' }, 'AWS::StackName is not known'],
    ['a parameter', { Ref: 'Stage' }, 'there is no resource Stage'],
    ['an unknown attribute', { 'Fn::GetAtt': ['R', 'RoleId'] }, 'RoleId of R'],
    [
      'a lookup that finds nothing',
      { 'Fn::FindInMap': ['Accounts', '333333333333', 'Ids'] },
      'no Accounts.333333333333.Ids',
    ],
    ['an unknown condition', { 'Fn::If': ['There', 1, 2] }, 'no condition There'],
    ['a name inside a text that nobody has', { 'Fn::Sub': '${Stage}' }, 'there is no resource Stage'],
  ])('that is %s is refused by name', (_, value, says) => {
    expect(() => workedOut(value, { Mappings })).toThrow(says);
  });
});

describe('a resource', () => {
  const Conditions = {
    Home: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    Away: { 'Fn::Not': [{ Condition: 'Home' }] },
    Both: { 'Fn::And': [{ Condition: 'Home' }, { Condition: 'Away' }] },
    Either: { 'Fn::Or': [{ Condition: 'Home' }, { Condition: 'Away' }] },
  };
  it('is there only where its condition holds', () => {
    const Resources = Object.fromEntries(
      Object.keys(Conditions).map((Condition) => [Condition, queue({ QueueName: 'q' }, { Condition })]),
    );
    expect(load({ Conditions, Resources }).map(({ logicalId }) => logicalId)).toEqual(['Away', 'Either']);
  });

  it('cannot be named where it is not there', () => {
    const Resources = { R: { ...role, Condition: 'Home' }, Q: queue({ QueueName: { Ref: 'R' } }) };
    expect(() => load({ Conditions, Resources })).toThrow('R is named where its condition does not hold');
  });

  it.each([
    ['an attribute', { Resources: { Q: queue({}, { UpdatePolicy: {} }) } }, 'Q has UpdatePolicy'],
    ['a section', { Parameters: {}, Resources: {} }, 'the template has Parameters'],
    [
      'a condition function',
      { Conditions: { X: { 'Fn::Contains': [] } }, Resources: { Q: queue({}, { Condition: 'X' }) } },
      'Fn::Contains',
    ],
  ])('with %s that is not known is refused', (_, template, says) => {
    expect(() => load(template)).toThrow(says);
  });
});

describe('what the engines are given', () => {
  const deployed = (resource: object) => deployedFrom(load({ Resources: { It: resource } }), place);
  it.each([
    ['a type', { Type: 'AWS::S3::Bucket', Properties: {} }, 'It is AWS::S3::Bucket'],
    [
      'a property',
      {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'x', AssumeRolePolicyDocument: {}, ManagedPolicyArns: ['arn'] },
      },
      'ManagedPolicyArns',
    ],
    [
      'a rule that goes to something else than a bus',
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'x',
          State: 'ENABLED',
          EventPattern: {},
          Targets: [
            {
              Id: 'a',
              Arn: 'arn:aws:lambda:us-east-1:222222222222:function:x',
              RoleArn: 'r',
              RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
            },
          ],
        },
      },
      'is not the ARN of an event bus',
    ],
  ])('does not leave %s out in silence', (_, resource, says) => {
    expect(() => deployed(resource)).toThrow(says);
  });

  it('keeps a role with all that it has', () => {
    const trust = { Statement: [] };
    expect(
      deployed({
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'x',
          Description: 'd',
          AssumeRolePolicyDocument: trust,
          PermissionsBoundary: 'b',
          MaxSessionDuration: 7200,
          Policies: [{ PolicyName: 'p', PolicyDocument: trust }],
          Tags: [{ Key: 'k', Value: 'v' }],
        },
      }).roles,
    ).toEqual([
      {
        accountId: '222222222222',
        roleName: 'x',
        description: 'd',
        trust,
        permissionsBoundary: 'b',
        maxSessionDurationSec: 7200,
        policies: { p: trust },
        tags: { k: 'v' },
      },
    ]);
  });
});
