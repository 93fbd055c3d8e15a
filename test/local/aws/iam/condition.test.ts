import { describe, expect, it } from 'vitest';
import { toContext } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
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
const ask = (context: Values = {}, action = 'dynamodb:GetItem', resource = orders) => ({
  action,
  resource,
  context: toContext(context),
});

describe('a condition', () => {
  const grant = { 'aws:PrincipalTag/daypass:grant': '01A' };
  it.each<[string, Json, Values, boolean]>([
    ['compares exactly', { StringEquals: { 'aws:userid': 'AROA:alice' } }, { 'aws:userid': 'AROA:alice' }, true],
    ['minds case', { StringEquals: { 'aws:userid': 'AROA:alice' } }, { 'aws:userid': 'AROA:Alice' }, false],
    [
      'takes any of several values',
      { StringEquals: { 'aws:PrincipalTag/daypass:grant': ['01B', '01A'] } },
      grant,
      true,
    ],
    ['ignores the case of its key', { StringEquals: { 'AWS:principaltag/DAYPASS:GRANT': '01A' } }, grant, true],
    ['is false on a missing key', { StringEquals: { 'aws:PrincipalTag/daypass:grant': '01A' } }, {}, false],
    [
      'is true on a missing key when negated',
      { StringNotEquals: { 'aws:PrincipalTag/daypass:grant': '01A' } },
      {},
      true,
    ],
    [
      'needs all values different when negated',
      { StringNotEquals: { 'aws:userid': ['a', 'b'] } },
      { 'aws:userid': 'b' },
      false,
    ],
    ['is true on a missing key with IfExists', { StringEqualsIfExists: { 'aws:userid': 'x' } }, {}, true],
    [
      'is judged with IfExists when the key is there',
      { StringEqualsIfExists: { 'aws:userid': 'x' } },
      { 'aws:userid': 'y' },
      false,
    ],
    [
      'needs every operator',
      { StringEquals: { 'aws:userid': 'x' }, Bool: { 'aws:SecureTransport': 'true' } },
      { 'aws:userid': 'x' },
      false,
    ],
    ['needs every key', { StringEquals: { 'aws:userid': 'x', 'aws:username': 'y' } }, { 'aws:userid': 'x' }, false],
    [
      'takes wildcards in Like',
      { StringLike: { 'aws:userid': 'AROA*:al?ce' } },
      { 'aws:userid': 'AROAXYZ:alice' },
      true,
    ],
    ['takes no wildcards in Equals', { StringEquals: { 'aws:userid': 'AROA*' } }, { 'aws:userid': 'AROAXYZ' }, false],
    ['may ignore case', { StringEqualsIgnoreCase: { 'aws:userid': 'ALICE' } }, { 'aws:userid': 'alice' }, true],
    [
      'may ignore case and negate',
      { StringNotEqualsIgnoreCase: { 'aws:userid': 'ALICE' } },
      { 'aws:userid': 'alice' },
      false,
    ],
    ['NotLike is true on a missing key', { StringNotLike: { 'aws:userid': '*' } }, {}, true],
    ['NotLike is false when it fits', { StringNotLike: { 'aws:userid': 'al*' } }, { 'aws:userid': 'alice' }, false],
    [
      'compares ARNs by component',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/jit-*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/jit-a' },
      true,
    ],
    [
      'ArnEquals takes wildcards too',
      { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/jit-*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/jit-a' },
      true,
    ],
    [
      'ArnNotLike is its contrary',
      { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/jit-*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/other' },
      true,
    ],
    [
      'compares instants',
      { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:00:30Z' } },
      { 'aws:TokenIssueTime': '2026-11-22T10:00:29Z' },
      true,
    ],
    [
      'an instant is not before itself',
      { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:00:30Z' } },
      { 'aws:TokenIssueTime': '2026-11-22T10:00:30Z' },
      false,
    ],
    [
      'knows zones',
      { DateEquals: { 'aws:CurrentTime': '2026-11-22T11:00:00+01:00' } },
      { 'aws:CurrentTime': '2026-11-22T10:00:00Z' },
      true,
    ],
    [
      'knows seconds since the epoch',
      { DateGreaterThanEquals: { 'aws:CurrentTime': '1795341600' } },
      { 'aws:CurrentTime': '2026-11-22T10:00:00Z' },
      true,
    ],
    [
      'a long-term key has no issue time to be before',
      { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:00:30Z' } },
      {},
      false,
    ],
    ['compares numbers as numbers', { NumericLessThan: { 'aws:EpochTime': '9' } }, { 'aws:EpochTime': '10' }, false],
    [
      'takes numbers from JSON',
      { NumericLessThanEquals: { 'sts:DurationSeconds': 3600 } },
      { 'sts:DurationSeconds': '3600' },
      true,
    ],
    ['does not take text for a number', { NumericNotEquals: { 'aws:EpochTime': '1' } }, { 'aws:EpochTime': 'x' }, true],
    ['knows true', { Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'true' }, true],
    [
      'BoolIfExists lets a long-term key through',
      { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      {},
      true,
    ],
    ['Null true wants the key absent', { Null: { 'aws:TokenIssueTime': 'true' } }, {}, true],
    [
      'Null true is false when it is there',
      { Null: { 'aws:TokenIssueTime': 'true' } },
      { 'aws:TokenIssueTime': 'x' },
      false,
    ],
    ['Null false wants it there', { Null: { 'aws:TokenIssueTime': 'false' } }, {}, false],
    [
      'knows networks',
      { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] } },
      { 'aws:SourceIp': '192.0.2.77' },
      true,
    ],
    ['knows one address', { IpAddress: { 'aws:SourceIp': '192.0.2.77' } }, { 'aws:SourceIp': '192.0.2.78' }, false],
    ['knows IPv6', { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, { 'aws:SourceIp': '2001:db8:1::1' }, true],
    [
      'NotIpAddress is its contrary',
      { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      { 'aws:SourceIp': '10.1.2.3' },
      false,
    ],
    [
      'an address that is none fits no network',
      { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
      { 'aws:SourceIp': 'lambda.amazonaws.com' },
      false,
    ],
    [
      'ForAllValues wants each value listed',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      { 'aws:TagKeys': ['a', 'c'] },
      false,
    ],
    ['ForAllValues is true of none', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, true],
    [
      'ForAnyValue wants one listed',
      { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      { 'aws:TagKeys': ['c', 'a'] },
      true,
    ],
    ['ForAnyValue is false of none', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, false],
    [
      'ForAnyValue is false of none when negated too',
      { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } },
      {},
      false,
    ],
    [
      'ForAnyValue negated wants one not listed',
      { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      true,
    ],
    [
      'ForAllValues negated wants none listed',
      { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      false,
    ],
    [
      'fills in variables',
      { StringEquals: { 'aws:RequestTag/owner': '${aws:username}' } },
      { 'aws:RequestTag/owner': 'alice', 'aws:username': 'alice' },
      true,
    ],
    [
      'a variable without a value fits nothing',
      { StringEquals: { 'aws:userid': '${aws:username}' } },
      { 'aws:userid': '${aws:username}' },
      false,
    ],
    [
      'a variable may have a default',
      { StringEquals: { 'aws:userid': "${aws:username, 'nobody'}" } },
      { 'aws:userid': 'nobody' },
      true,
    ],
    [
      'a variable’s value is no wildcard',
      { StringLike: { 'aws:userid': '${aws:PrincipalTag/team}' } },
      { 'aws:userid': 'abc', 'aws:PrincipalTag/team': '*' },
      false,
    ],
    ['a literal asterisk has its own form', { StringLike: { 'aws:userid': 'a${*}' } }, { 'aws:userid': 'abc' }, false],
    ['a literal asterisk fits an asterisk', { StringLike: { 'aws:userid': 'a${*}' } }, { 'aws:userid': 'a*' }, true],
  ])('%s', (_, condition, context, holds) => {
    expect(evaluate([policy(allow({ Condition: condition }))], ask(context))).toBe(holds ? 'allow' : 'implicit-deny');
  });

  it('knows no variables in a policy of 2008', () => {
    const old = {
      Version: '2008-10-17',
      Statement: [allow({ Condition: { StringEquals: { 'aws:userid': '${aws:username}' } } })],
    };
    const context = { 'aws:userid': '${aws:username}', 'aws:username': 'alice' };
    expect(evaluate([parsePolicy(JSON.stringify(old), 'identity')], ask(context))).toBe('allow');
  });

  it('of a variable in a resource makes tables by team', () => {
    const own = policy(allow({ Resource: 'arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}-*' }));
    const table = (name: string) =>
      ask(
        { 'aws:PrincipalTag/team': 'orders' },
        'dynamodb:GetItem',
        `arn:aws:dynamodb:us-east-1:222222222222:table/${name}`,
      );
    expect(evaluate([own], table('orders-live'))).toBe('allow');
    expect(evaluate([own], table('payments-live'))).toBe('implicit-deny');
  });
});

describe('a condition key of several values', () => {
  it.each(['aws:TagKeys', 'events:source', 'events:detail-type', 'dynamodb:LeadingKeys', 'sts:transitivetagkeys'])(
    '%s is compared as a set, and a plain operator on it is refused when the policy is written',
    (key) => {
      for (const operator of ['StringEquals', 'StringLike', 'StringNotEquals', 'StringEqualsIfExists']) {
        expect(() => policy(allow({ Condition: { [operator]: { [key]: 'a' } } }))).toThrow(
          `${key.toLowerCase()} may have several values: an operator on it needs ForAllValues: or ForAnyValue: in front.`,
        );
      }
      for (const operator of ['ForAllValues:StringEquals', 'ForAnyValue:StringLike']) {
        const set = policy(allow({ Condition: { [operator]: { [key]: 'a' }, Null: { [key]: 'false' } } }));
        expect(evaluate([set], ask({ [key]: ['a'] }))).toBe('allow');
        expect(evaluate([set], ask({ [key]: ['b'] }))).toBe('implicit-deny');
        expect(evaluate([set], ask())).toBe('implicit-deny');
      }
    },
  );
});
