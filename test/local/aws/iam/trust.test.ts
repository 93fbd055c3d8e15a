import { describe, expect, it } from 'vitest';
import { toContext } from '#local/aws/iam/context.ts';
import type { PolicySets } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';
import { type Asker, decideAssume, evaluateTrust } from '#local/aws/iam/trust.ts';

type Json = Record<string, unknown>;

const roleArn = 'arn:aws:iam::222222222222:role/orders';
const alice: Asker = {
  kind: 'principal',
  accountId: '111111111111',
  arn: 'arn:aws:iam::111111111111:user/alice',
  uniqueId: 'AIDAALICE',
};
const broker: Asker = {
  kind: 'principal',
  accountId: '111111111111',
  arn: 'arn:aws:iam::111111111111:role/broker',
  uniqueId: 'AROABROKER',
  sessionArn: 'arn:aws:sts::111111111111:assumed-role/broker/mint',
};
const lambda: Asker = { kind: 'service', name: 'lambda.amazonaws.com' };

const identity = (...statements: Json[]) =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
const everything = identity({ Effect: 'Allow', Action: '*', Resource: '*' });
const denied = identity({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: roleArn });
const ask = { action: 'sts:AssumeRole', resource: roleArn, context: toContext({ 'sts:ExternalId': 'x' }) };

const trusting = (asker: Asker, statements: Json[], bound = {}) =>
  evaluateTrust(
    parsePolicy(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: statements.map((one) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...one })),
      }),
      'trust',
    ),
    bound,
    asker,
    ask,
  );

describe('a trust policy lets in', () => {
  it.each<[string, Asker, Json[], string]>([
    ['whom it names', alice, [{ Principal: { AWS: 'arn:aws:iam::111111111111:user/alice' } }], 'allow'],
    ['nobody else', alice, [{ Principal: { AWS: 'arn:aws:iam::111111111111:user/bob' } }], 'implicit-deny'],
    [
      'the sessions of a role that it names',
      broker,
      [{ Principal: { AWS: 'arn:aws:iam::111111111111:role/broker' } }],
      'allow',
    ],
    [
      'one session by its name',
      broker,
      [{ Principal: { AWS: 'arn:aws:sts::111111111111:assumed-role/broker/mint' } }],
      'allow',
    ],
    [
      'no other session of that role',
      broker,
      [{ Principal: { AWS: 'arn:aws:sts::111111111111:assumed-role/broker/other' } }],
      'implicit-deny',
    ],
    ['a principal by its unique id', broker, [{ Principal: { AWS: 'AROABROKERBROKERX' } }], 'implicit-deny'],
    ['an account by its number', alice, [{ Principal: { AWS: '111111111111' } }], 'allow'],
    ['anybody where it says so', alice, [{ Principal: '*' }], 'allow'],
    ['no service where it says anybody', lambda, [{ Principal: '*' }], 'implicit-deny'],
    ['a service that it names', lambda, [{ Principal: { Service: 'lambda.amazonaws.com' } }], 'allow'],
    ['nobody by another service', alice, [{ Principal: { Service: 'lambda.amazonaws.com' } }], 'implicit-deny'],
    [
      'nobody whose condition fails',
      alice,
      [{ Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': 'y' } } }],
      'implicit-deny',
    ],
    [
      'nobody whom it denies',
      alice,
      [{ Principal: '*' }, { Effect: 'Deny', Principal: { AWS: '111111111111' } }],
      'explicit-deny',
    ],
    ['nobody for another action', alice, [{ Principal: '*', Action: 'sts:TagSession' }], 'implicit-deny'],
    [
      'who is spared by NotPrincipal in every name',
      alice,
      [
        { Principal: '*' },
        { Effect: 'Deny', NotPrincipal: { AWS: ['111111111111', 'arn:aws:iam::111111111111:user/alice'] } },
      ],
      'allow',
    ],
    [
      'not who is spared by one name only',
      alice,
      [{ Principal: '*' }, { Effect: 'Deny', NotPrincipal: { AWS: ['arn:aws:iam::111111111111:user/alice'] } }],
      'explicit-deny',
    ],
    [
      'not a session whose own name is not spared',
      broker,
      [
        { Principal: '*' },
        { Effect: 'Deny', NotPrincipal: { AWS: ['111111111111', 'arn:aws:iam::111111111111:role/broker'] } },
      ],
      'explicit-deny',
    ],
  ])('%s', (_, asker, statements, verdict) => {
    expect(trusting(asker, statements).verdict).toBe(verdict);
  });

  it('only the bearer of a name at the time of writing', () => {
    const statements = [{ Principal: { AWS: 'arn:aws:iam::111111111111:role/broker' } }];
    expect(trusting(broker, statements, { 'arn:aws:iam::111111111111:role/broker': 'AROABROKER' }).verdict).toBe(
      'allow',
    );
    expect(trusting(broker, statements, { 'arn:aws:iam::111111111111:role/broker': 'AROAEARLIER' }).verdict).toBe(
      'implicit-deny',
    );
  });
});

describe('trust and the caller’s own policies together', () => {
  const byAccount = [{ Principal: { AWS: '111111111111' } }];
  const byName = (asker: Asker) => [{ Principal: { AWS: asker.kind === 'principal' ? asker.arn : '' } }];
  const bySession = [{ Principal: { AWS: 'arn:aws:sts::111111111111:assumed-role/broker/mint' } }];
  const own = (sets: Partial<PolicySets>): PolicySets => ({ identity: [], session: [], ...sets });
  const s3 = identity({ Effect: 'Allow', Action: 's3:*', Resource: '*' });

  it.each<[string, Asker, Json[], PolicySets, boolean, string]>([
    ['between accounts the name alone is not enough', alice, byName(alice), own({}), false, 'identity-based policy'],
    ['between accounts both together are', alice, byName(alice), own({ identity: [everything] }), false, 'allowed'],
    [
      'between accounts the caller’s policies alone are not',
      alice,
      [],
      own({ identity: [everything] }),
      false,
      'role trust policy',
    ],
    ['in one account a user’s name is enough', alice, byName(alice), own({}), true, 'allowed'],
    [
      'in one account a user’s name is enough beside a silent boundary',
      alice,
      byName(alice),
      own({ boundary: s3 }),
      true,
      'allowed',
    ],
    [
      'in one account the account’s name leaves it to the caller’s policies',
      alice,
      byAccount,
      own({}),
      true,
      'identity-based policy',
    ],
    ['in one account both together are enough', alice, byAccount, own({ identity: [everything] }), true, 'allowed'],
    [
      'in one account a role’s name is limited by a silent boundary',
      broker,
      byName(broker),
      own({ boundary: s3 }),
      true,
      'permissions boundary',
    ],
    [
      'in one account a role’s name is limited by a silent session policy',
      broker,
      byName(broker),
      own({ session: [s3] }),
      true,
      'session policy',
    ],
    [
      'in one account a session’s name is not',
      broker,
      bySession,
      own({ session: [s3], boundary: s3 }),
      true,
      'allowed',
    ],
    [
      'a deny of the caller’s own always wins',
      alice,
      byName(alice),
      own({ identity: [everything, denied] }),
      true,
      'identity-based policy',
    ],
    [
      'a deny in the session policy beats even the session’s name',
      broker,
      bySession,
      own({ session: [denied] }),
      true,
      'session policy',
    ],
  ])('%s', (_, asker, statements, sets, sameAccount, outcome) => {
    const nobody = [{ Principal: { AWS: '999999999999' } }];
    const trust = trusting(asker, statements.length === 0 ? nobody : statements);
    const isSession = asker.kind === 'principal' && asker.sessionArn !== undefined;
    const decision = decideAssume(trust, sets, ask, { sameAccount, isSession });
    expect(decision.allowed ? 'allowed' : decision.by).toBe(outcome);
  });
});
