import { describe, expect, it } from 'vitest';
import { toContext } from '#local/aws/iam/context.ts';
import { decide, evaluate } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';

/**
 * Cases reasoned from the IAM user guide: evaluation logic, element reference, condition operators, missing keys,
 * multivalued keys and policy variables.
 */
type Values = Record<string, string | string[]>;
type Json = Record<string, unknown>;

const orders = 'arn:aws:dynamodb:us-east-1:222222222222:table/OrdersTable';

const policy = (...statements: Json[]) =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
const allow = (more: Json = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more });
const deny = (more: Json = {}) => ({ Effect: 'Deny', Action: '*', Resource: '*', ...more });
const ask = (context: Values = {}, action = 'dynamodb:GetItem', resource = orders) => ({
  action,
  resource,
  context: toContext(context),
});

describe('one policy', () => {
  it.each([
    ['nothing is allowed by default', [], 'implicit-deny'],
    ['an allow allows', [allow()], 'allow'],
    ['a deny beats an allow before it', [allow(), deny()], 'explicit-deny'],
    ['a deny beats an allow after it', [deny(), allow()], 'explicit-deny'],
    ['an action is matched without regard to case', [allow({ Action: 'DynamoDB:getitem' })], 'allow'],
    ['an action may have wildcards', [allow({ Action: 'dynamodb:Get*' })], 'allow'],
    ['a question mark is one character', [allow({ Action: 'dynamodb:Get?tem' })], 'allow'],
    ['a question mark is not none', [allow({ Action: 'dynamodb:GetItem?' })], 'implicit-deny'],
    ['another service is not meant', [allow({ Action: 's3:*' })], 'implicit-deny'],
    ['NotAction allows everything else', [allow({ Action: undefined, NotAction: 'iam:*' })], 'allow'],
    [
      'NotAction leaves out what it names',
      [allow({ Action: undefined, NotAction: ['iam:*', 'dynamodb:GetItem'] })],
      'implicit-deny',
    ],
    ['a resource is matched with regard to case', [allow({ Resource: orders.toLowerCase() })], 'implicit-deny'],
    [
      'a wildcard does not cross a component of the ARN',
      [allow({ Resource: 'arn:aws:dynamodb:*:table/OrdersTable' })],
      'malformed',
    ],
    ['a wildcard stands for a whole component', [allow({ Resource: 'arn:aws:dynamodb:*:*:table/Orders*' })], 'allow'],
    [
      'a wildcard component is not two',
      [allow({ Resource: 'arn:aws:*:222222222222:table/OrdersTable:x' })],
      'implicit-deny',
    ],
    ['NotResource allows everything else', [allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/*' })], 'allow'],
    ['NotResource leaves out what it names', [allow({ Resource: undefined, NotResource: orders })], 'implicit-deny'],
    [
      'an allow under a condition that fails is no allow',
      [allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
      'implicit-deny',
    ],
    [
      'a deny under a condition that fails is no deny',
      [allow(), deny({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
      'allow',
    ],
  ])('%s', (_, statements, verdict) => {
    const judge = () => (statements.length === 0 ? evaluate([], ask()) : evaluate([policy(...statements)], ask()));
    if (verdict === 'malformed') expect(judge).toThrow('must be in ARN format');
    else expect(judge()).toBe(verdict);
  });
});

describe('the layers of a caller', () => {
  const all = policy(allow());
  const none = policy(deny());
  const read = policy(allow({ Action: 'dynamodb:GetItem' }));
  it.each([
    ['identity alone is enough where nothing limits it', { identity: [all], session: [] }, { allowed: true }],
    ['a session without a policy has its role’s permissions', { identity: [read], session: [] }, { allowed: true }],
    [
      'a boundary that is silent refuses',
      { identity: [all], boundary: policy(allow({ Action: 's3:*' })), session: [] },
      { allowed: false, explicit: false, by: 'permissions boundary' },
    ],
    [
      'a boundary grants nothing by itself',
      { identity: [], boundary: all, session: [] },
      { allowed: false, explicit: false, by: 'identity-based policy' },
    ],
    [
      'a session policy grants nothing by itself',
      { identity: [], session: [all] },
      { allowed: false, explicit: false, by: 'identity-based policy' },
    ],
    [
      'every session policy has to allow',
      { identity: [all], session: [all, policy(allow({ Action: 's3:*' }))] },
      { allowed: false, explicit: false, by: 'session policy' },
    ],
    [
      'a deny in a session policy is named',
      { identity: [all], session: [none] },
      { allowed: false, explicit: true, by: 'session policy' },
    ],
    [
      'an explicit deny is named before a missing allow',
      { identity: [], session: [none] },
      { allowed: false, explicit: true, by: 'session policy' },
    ],
    [
      'a deny in an identity policy is named first',
      { identity: [all, none], boundary: none, session: [none] },
      { allowed: false, explicit: true, by: 'identity-based policy' },
    ],
  ])('%s', (_, sets, decision) => {
    expect(decide(sets, ask())).toEqual(decision);
  });
});
