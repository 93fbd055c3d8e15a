import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#local/aws/iam/policy.ts';

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const trust = { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'sts:AssumeRole' };
const document = (statement: unknown, more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statement, ...more });

describe('an identity policy', () => {
  it.each([
    ['one statement without a list', document(allow)],
    ['an Id', document([allow], { Id: 'mine' })],
    ['no version', JSON.stringify({ Statement: [allow] })],
    ['white space around it', `\n ${document([allow])}\n`],
    [
      'statements that are told apart',
      document([
        { ...allow, Sid: 'A1' },
        { ...allow, Sid: 'A2' },
      ]),
    ],
  ])('may have %s', (_, text) => {
    expect(parsePolicy(text, 'identity').statements.length).toBeGreaterThan(0);
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'This policy contains invalid Json'],
    ['a list for a document', '[]', 'the document must be an object'],
    ['no statement', JSON.stringify({ Version: '2012-10-17' }), 'Statement is missing'],
    ['another version', JSON.stringify({ Version: '2024-01-01', Statement: [allow] }), 'Version must be'],
    ['an unknown element', document([allow], { Statements: [] }), 'unknown element Statements'],
    ['an unknown element in a statement', document([{ ...allow, Conditions: {} }]), 'Has prohibited field Conditions'],
    ['a principal', document([{ ...allow, Principal: '*' }]), 'Has prohibited field Principal'],
    ['another effect', document([{ ...allow, Effect: 'allow' }]), 'Effect must be Allow or Deny'],
    ['no action', document([{ ...allow, Action: undefined }]), 'exactly one of Action and NotAction'],
    [
      'both action and its contrary',
      document([{ ...allow, NotAction: 's3:*' }]),
      'exactly one of Action and NotAction',
    ],
    ['an empty list of actions', document([{ ...allow, Action: [] }]), 'Action must be a string or a list of strings'],
    ['an action without a service', document([{ ...allow, Action: 'GetObject' }]), 'must be prefaced by a vendor'],
    [
      'an action with a wildcard for a service',
      document([{ ...allow, Action: '*:GetObject' }]),
      'must be prefaced by a vendor',
    ],
    ['a resource that is no ARN', document([{ ...allow, Resource: 'bucket/*' }]), 'must be in ARN format or "*"'],
    ['no resource', document([{ ...allow, Resource: undefined }]), 'exactly one of Resource and NotResource'],
    ['a Sid with a blank', document([{ ...allow, Sid: 'a b' }]), 'must be alpha-numeric'],
    [
      'two statements of one Sid',
      document([
        { ...allow, Sid: 'A' },
        { ...allow, Sid: 'A' },
      ]),
      'must be unique',
    ],
    ['a condition that is a list', document([{ ...allow, Condition: [] }]), 'Condition must be an object'],
    [
      'an unknown operator',
      document([{ ...allow, Condition: { StringMatches: { 'aws:userid': 'x' } } }]),
      'Invalid Condition type : StringMatches',
    ],
    [
      'an unknown quantifier',
      document([{ ...allow, Condition: { 'ForSomeValues:StringLike': { 'aws:userid': 'x' } } }]),
      'Invalid Condition type',
    ],
    [
      'Null "maybe"',
      document([{ ...allow, Condition: { Null: { 'aws:userid': 'maybe' } } }]),
      'takes "true" or "false"',
    ],
    [
      'Null with IfExists',
      document([{ ...allow, Condition: { NullIfExists: { 'aws:userid': 'true' } } }]),
      'Invalid Condition type',
    ],
    [
      'a key without a vendor',
      document([{ ...allow, Condition: { StringLike: { userid: 'x' } } }]),
      'must be prefaced by a vendor',
    ],
    [
      'a date that is none',
      document([{ ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } } }]),
      'cannot compare with "tomorrow"',
    ],
    [
      'a variable for a date',
      document([{ ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': '${aws:PrincipalTag/end}' } } }]),
      'cannot compare with',
    ],
    [
      'a number that is none',
      document([{ ...allow, Condition: { NumericEquals: { 'aws:EpochTime': '1h' } } }]),
      'cannot compare with "1h"',
    ],
    [
      'a boolean that is none',
      document([{ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'yes' } } }]),
      'cannot compare with "yes"',
    ],
    [
      'a network that is none',
      document([{ ...allow, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } }]),
      'cannot compare with',
    ],
    [
      'an ARN pattern of three parts',
      document([{ ...allow, Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam' } } }]),
      'cannot compare with',
    ],
    [
      'an object for a value',
      document([{ ...allow, Condition: { StringLike: { 'aws:userid': {} } } }]),
      'must be a string or a list of strings',
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parsePolicy(text, 'identity')).toThrow(message);
  });
});

describe('a trust policy', () => {
  it.each([
    ['an account', { AWS: '111111111111' }],
    ['an account’s root', { AWS: 'arn:aws:iam::111111111111:root' }],
    ['a role with a path', { AWS: 'arn:aws:iam::111111111111:role/team/a/broker' }],
    ['a session', { AWS: 'arn:aws:sts::111111111111:assumed-role/broker/alice' }],
    ['anybody', '*'],
    ['a service', { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] }],
    ['a federated provider', { Federated: 'cognito-identity.amazonaws.com' }],
  ])('may name %s', (_, Principal) => {
    expect(parsePolicy(document([{ ...trust, Principal }]), 'trust').statements).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['a resource', { ...trust, Resource: '*' }, 'Has prohibited field Resource'],
    ['no principal', { ...trust, Principal: undefined }, 'Missing required field Principal'],
    ['an empty principal', { ...trust, Principal: {} }, 'cannot be empty'],
    [
      'a wildcard in a role’s name',
      { ...trust, Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role/*"',
    ],
    [
      'a name that is no principal',
      { ...trust, Principal: { AWS: 'alice' } },
      'Invalid principal in policy: "AWS":"alice"',
    ],
    ['an unknown type of principal', { ...trust, Principal: { Aws: '*' } }, 'unknown principal type Aws'],
    [
      'an action of another service',
      { ...trust, Action: ['sts:AssumeRole', 's3:GetObject'] },
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'NotPrincipal in an Allow',
      { Effect: 'Allow', NotPrincipal: { AWS: '111111111111' }, Action: 'sts:AssumeRole' },
      'NotPrincipal cannot stand in an Allow',
    ],
  ])('is refused with %s', (_, statement, message) => {
    expect(() => parsePolicy(document([statement]), 'trust')).toThrow(message);
  });
});
