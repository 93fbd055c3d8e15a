import { afterEach, describe, expect, it } from 'vitest';
import { type Asked, askedChannel, permissionsFor, tellAsked } from '#local/aws/iam/authorized.ts';
import { toContext } from '#local/aws/iam/context.ts';
import { parseTemplate, textOf } from '#local/aws/iam/match.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';
import type { Caller } from '#local/aws/service.ts';

const table = 'arn:aws:dynamodb:us-east-1:111111111111:table/daypass';
const roleArn = 'arn:aws:iam::111111111111:role/daypass-sweep';

const policy = (...statements: Record<string, unknown>[]) =>
  parsePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) }),
    'identity',
  );
const ask = (action: string, resource: string, context: Record<string, string | string[]> = {}) => ({
  action,
  resource,
  context: toContext(context),
});
const onKeys = (...keys: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } });

describe('the permissions that allow something', () => {
  it('are the action and the resource as the policy spells them, of every statement that would do', () => {
    const policies = [
      policy({ Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: [table, `${table}/index/*`] }),
      policy({ Action: 'dynamodb:Get*', Resource: '*' }),
    ];
    expect(permissionsFor(policies, ask('dynamodb:GetItem', table))).toEqual([
      { action: 'dynamodb:GetItem', resource: table },
      { action: 'dynamodb:Get*', resource: '*' },
    ]);
    expect(permissionsFor(policies, ask('dynamodb:Query', `${table}/index/byStatus`))).toEqual([
      { action: 'dynamodb:Query', resource: `${table}/index/*` },
    ]);
  });

  it('are none of a statement whose condition does not hold', () => {
    const conditional = policy({
      Action: 'sts:AssumeRole',
      Resource: '*',
      Condition: { StringEquals: { 'sts:ExternalId': 'right' } },
    });
    expect(permissionsFor([conditional], ask('sts:AssumeRole', roleArn, { 'sts:ExternalId': 'wrong' }))).toEqual([]);
    expect(permissionsFor([conditional], ask('sts:AssumeRole', roleArn, { 'sts:ExternalId': 'right' }))).toHaveLength(
      1,
    );
  });

  it('name the one leading key that fits', () => {
    const keyed = policy({
      Action: 'dynamodb:PutItem',
      Resource: table,
      Condition: onKeys('REQUEST#*', 'OUTBOX'),
    });
    const put = (key: string) =>
      permissionsFor([keyed], ask('dynamodb:PutItem', table, { 'dynamodb:LeadingKeys': [key] }));
    expect(put('OUTBOX')).toEqual([{ action: 'dynamodb:PutItem', resource: table, leadingKey: 'OUTBOX' }]);
    expect(put('REQUEST#1')).toEqual([{ action: 'dynamodb:PutItem', resource: table, leadingKey: 'REQUEST#*' }]);
    expect(put('LEDGER')).toEqual([]);
  });

  it('are none of a Deny, a NotAction or a NotResource', () => {
    const others = policy(
      { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: table },
      { NotAction: 'iam:*', Resource: table },
      { Action: 'dynamodb:GetItem', NotResource: `${table}x` },
    );
    expect(permissionsFor([others], ask('dynamodb:GetItem', table))).toEqual([]);
  });
});

describe('what the local IAM tells', () => {
  const heard: Asked[] = [];
  const hear = (asked: unknown): void => void heard.push(asked as Asked);
  afterEach(() => {
    askedChannel.unsubscribe(hear);
    heard.length = 0;
  });
  const session: Caller = {
    kind: 'session',
    accountId: '111111111111',
    arn: 'arn:aws:sts::111111111111:assumed-role/daypass-sweep/daypass-sweep',
    userId: 'AROAEXAMPLE:daypass-sweep',
    accessKeyId: 'ASIAEXAMPLE',
    session: {
      roleArn,
      roleName: 'daypass-sweep',
      roleId: 'AROAEXAMPLE',
      roleSessionName: 'daypass-sweep',
      issuedAtMs: 0,
      expiresAtMs: 1,
      tags: {},
      transitiveTagKeys: [],
      sessionPolicies: [],
    },
  };
  const admin: Caller = {
    kind: 'user',
    accountId: '111111111111',
    arn: 'arn:aws:iam::111111111111:user/hub-admin',
    userId: 'AIDAEXAMPLE',
    userName: 'hub-admin',
    accessKeyId: 'AKIAEXAMPLE',
  };
  const need = { action: 'dynamodb:GetItem', resource: table };
  const sets = { identity: [policy({ Action: 'dynamodb:GetItem', Resource: table })], session: [] };
  const asked = ask('dynamodb:GetItem', table, { 'dynamodb:LeadingKeys': ['LEDGER'] });

  it('is who asked for what, about which key, and what allows it', () => {
    askedChannel.subscribe(hear);
    tellAsked(session, need, sets, asked);
    expect(heard).toEqual([{ roleArn, ...need, leadingKeys: ['LEDGER'], allowedBy: [need] }]);
  });

  it('is an empty list where the role’s own policies do not allow it', () => {
    askedChannel.subscribe(hear);
    tellAsked(session, need, { identity: [], session: [] }, ask('dynamodb:GetItem', table));
    expect(heard).toEqual([{ roleArn, ...need, allowedBy: [] }]);
  });

  it('is nothing about a user, and nothing to nobody', () => {
    tellAsked(session, need, sets, asked);
    askedChannel.subscribe(hear);
    tellAsked(admin, need, sets, asked);
    expect(heard).toEqual([]);
  });
});

it.each(['*', `${table}/index/*`, 'arn:aws:iam::*:role/daypass-jit-?', '${aws:username}-${*}', "${aws:username, 'x'}"])(
  'a pattern is spelled as it was written: %s',
  (text) => {
    expect(textOf(parseTemplate(text, true))).toBe(text);
  },
);
