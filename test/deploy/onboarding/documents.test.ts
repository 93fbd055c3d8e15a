import { describe, expect, it } from 'vitest';
import { knownFrom, type Trusted } from '#core/detection/known.ts';
import { boundaryDocument } from '#deploy/onboarding/boundary.ts';
import { externalIdFrom } from '#deploy/onboarding/external-id.ts';
import { managedRoleTrust } from '#deploy/onboarding/managed-role.ts';
import { onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { revokerPolicy, revokerTrust } from '#deploy/onboarding/revoker.ts';
import { tooLong } from '#deploy/onboarding/size.ts';
import { toContext } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { almighty, production } from './world.ts';

const policy = samplePolicy();
const plan = onboardingPlan(policy, targetsOf(policy), almighty);
const mint = 'arn:aws:iam::111111111111:role/daypass-mint-credentials';

describe('the documents, word for word', () => {
  it('the trust of a managed role', () => {
    const role = plan.accounts[0]?.roles[1];
    if (!role) throw new Error('There is no such role.');
    const Principal = { AWS: [mint] };
    expect(managedRoleTrust(role, plan.brokers, ['dp-old', 'dp-new'])).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal,
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'sts:ExternalId': ['dp-old', 'dp-new'],
              'aws:RequestTag/daypass:entitlement': ['orders-admin'],
            },
            Null: { 'aws:RequestTag/daypass:grant': 'false', 'sts:SourceIdentity': 'false' },
            'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'daypass:grant' },
          },
        },
        {
          Effect: 'Allow',
          Principal,
          Action: 'sts:TagSession',
          Condition: {
            Null: { 'aws:RequestTag/daypass:grant': 'false' },
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['daypass:grant', 'daypass:entitlement'] },
          },
        },
        { Effect: 'Allow', Principal, Action: 'sts:SetSourceIdentity' },
      ],
    });
  });

  it('the revoker', () => {
    expect(revokerTrust(plan.revokers, 'dp-x').Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: {
          AWS: [
            'revoke-sessions',
            'sweep',
            'settle-execution',
            'follow-chain',
            'restore-deny',
            'revoke-alert',
            'revoke-locked',
          ].map((name) => `arn:aws:iam::111111111111:role/daypass-${name}`),
        },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'dp-x' } },
      },
    ]);
    const Resource = 'arn:aws:iam::*:role/daypass-jit-*';
    expect(revokerPolicy('BOUNDARY', false).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
        Resource,
      },
      {
        Effect: 'Allow',
        Action: 'iam:PutRolePolicy',
        Resource,
        Condition: { StringEquals: { 'iam:PermissionsBoundary': 'BOUNDARY' } },
      },
      { Effect: 'Allow', Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'], Resource: 'BOUNDARY' },
    ]);
    expect(revokerPolicy('BOUNDARY', true).Statement[3]).toEqual({
      Effect: 'Allow',
      Action: 'cloudtrail:LookupEvents',
      Resource: '*',
    });
  });
});

const boundary = (mayPass: readonly string[] = []) =>
  parsePolicy(JSON.stringify(boundaryDocument(mayPass)), 'identity');
const says = (action: string, resource: string, mayPass?: readonly string[]) =>
  evaluate([boundary(mayPass)], { action, resource, context: toContext({}) });

describe('the boundary', () => {
  const here = `us-east-1:${production}`;
  const denied: [action: string, resource: string][] = [
    ['cloudtrail:StopLogging', `arn:aws:cloudtrail:${here}:trail/all`],
    ['cloudtrail:DeleteTrail', `arn:aws:cloudtrail:${here}:trail/all`],
    ['cloudtrail:PutEventSelectors', `arn:aws:cloudtrail:${here}:trail/all`],
    ['events:DeleteRule', `arn:aws:events:${here}:rule/daypass-forward-role-assumed`],
    ['events:RemoveTargets', `arn:aws:events:${here}:rule/daypass-forward-role-assumed`],
    ['events:UpdateEventBus', `arn:aws:events:${here}:event-bus/default`],
    ['cloudwatch:DeleteAlarms', `arn:aws:cloudwatch:${here}:alarm:daypass-forward-dead-letters`],
    ['cloudwatch:DisableAlarmActions', `arn:aws:cloudwatch:${here}:alarm:daypass-forward-dead-letters`],
    ['sns:DeleteTopic', `arn:aws:sns:${here}:daypass-forward-alarms`],
    ['sqs:PurgeQueue', `arn:aws:sqs:${here}:daypass-forward-dead-letters`],
    ['cloudformation:UpdateStack', `arn:aws:cloudformation:${here}:stack/daypass-onboarding/1b2c`],
    ['cloudformation:DeleteStack', `arn:aws:cloudformation:${here}:stack/StackSet-daypass-onboarding-9/1b2c`],
    ['cloudformation:UpdateStackSet', `arn:aws:cloudformation:${here}:stackset/daypass-onboarding:1b2c`],
    ['cloudformation:DeleteStackInstances', `arn:aws:cloudformation:${here}:stackset/daypass-onboarding:1b2c`],
    ['iam:CreatePolicyVersion', `arn:aws:iam::${production}:policy/daypass-boundary`],
    ['iam:PassRole', `arn:aws:iam::${production}:role/daypass-jit-orders-admin`],
    ['sts:AssumeRole', `arn:aws:iam::${production}:role/daypass-revoker`],
    ['sts:AssumeRole', `arn:aws:iam::${production}:role/deployer`],
    ['sts:AssumeRoot', '*'],
  ];
  it.each(denied)('denies %s on %s, which no Allow undoes', (action, resource) => {
    expect(says(action, resource)).toBe('explicit-deny');
  });

  it.each([
    'iam:CreateLoginProfile',
    'iam:UpdateAccessKey',
    'iam:AddUserToGroup',
    'iam:CreateSAMLProvider',
    'iam:UpdateAssumeRolePolicy',
    'iam:AttachRolePolicy',
    'iam:SomeActionOfTheFuture',
    'iam:PassRole',
    'sso:CreateAccountAssignment',
    'organizations:LeaveOrganization',
    'rolesanywhere:CreateTrustAnchor',
  ])('does not allow %s', (action) => {
    expect(says(action, `arn:aws:iam::${production}:role/deployer`)).toBe('implicit-deny');
  });

  it.each([
    ['dynamodb:DeleteItem', `arn:aws:dynamodb:${here}:table/OrdersTable`],
    ['s3:GetObject', 'arn:aws:s3:::orders/1'],
    ['iam:GetRole', `arn:aws:iam::${production}:role/daypass-jit-orders-admin`],
    ['iam:ListRoles', `arn:aws:iam::${production}:role/`],
    ['cloudtrail:LookupEvents', '*'],
    ['events:DescribeRule', `arn:aws:events:${here}:rule/daypass-forward-role-assumed`],
    ['events:PutRule', `arn:aws:events:${here}:rule/orders`],
  ])('allows %s on %s', (action, resource) => {
    expect(says(action, resource)).toBe('allow');
  });

  it('lets through the roles to pass that the operator names, never one of Daypass', () => {
    expect(says('iam:PassRole', `arn:aws:iam::${production}:role/app-worker`, ['app-*'])).toBe('allow');
    expect(says('iam:PassRole', `arn:aws:iam::${production}:role/admin`, ['app-*'])).toBe('implicit-deny');
    expect(says('iam:PassRole', `arn:aws:iam::${production}:role/daypass-forward`, ['*'])).toBe('explicit-deny');
  });
});

describe('the plan', () => {
  it('names the roles that the detector and the functions know', () => {
    const known = knownFrom(policy);
    const arn = (trusted: Trusted) =>
      'roleName' in trusted ? `arn:aws:iam::${trusted.accountId}:role/${trusted.roleName}` : trusted.userArn;
    expect(plan.brokers).toEqual(known.minters.map(arn));
    expect([...plan.revokers].sort()).toEqual(known.revoking.map(arn).sort());
    expect(known.revokers.map(({ roleName }) => roleName)).toContain('daypass-revoker');
  });

  it('takes the old and the new external id while one is changed', () => {
    const rotating = onboardingPlan(policy, targetsOf(policy), { newExternalIds: { [production]: 'dp-new' } });
    expect(rotating.accounts.map(({ externalIds }) => externalIds)).toEqual([
      ['dp-production-7f3a91c2', 'dp-new'],
      ['dp-partner-c05e4d18'],
    ]);
  });

  it('has one role where two entitlements share it, with the tags of both', () => {
    const [first] = policy.entitlements;
    if (!first) throw new Error('There is no entitlement.');
    const entitlements = [
      { ...first, id: 'one', tags: { team: 'a' } },
      { ...first, id: 'two', tags: { team: 'b', cost: '1' } },
    ];
    const shared = onboardingPlan({ ...policy, entitlements }, targetsOf(policy));
    expect(shared.accounts[0]?.roles).toEqual([
      {
        roleName: 'daypass-jit-orders-read',
        entitlementIds: ['one', 'two'],
        tagKeys: ['daypass:grant', 'daypass:entitlement', 'team', 'cost'],
        permissions: { statements: [], managedPolicyArns: [] },
      },
    ]);
  });

  it('for a single node trusts the broker alone, for both, and lets it look events up', () => {
    const broker = 'arn:aws:iam::111111111111:role/node';
    const node = onboardingPlan(policy, targetsOf(policy), { broker });
    expect(node).toMatchObject({ brokers: [broker], revokers: [broker], hears: 'looked-up' });
    const accounts = policy.accounts.map((account) =>
      account.externalId === undefined ? { ...account, broker } : account,
    );
    expect(onboardingPlan({ ...policy, accounts }, targetsOf(policy))).toEqual(node);
  });
});

describe('lengths', () => {
  it('of the sample are all right', () => {
    expect(tooLong(plan)).toEqual([]);
  });

  it('that IAM refuses are told with what is too long', () => {
    const many = Array.from({ length: 400 }, (_, index) => `application-worker-${index}-*`);
    const [production] = plan.accounts;
    const [role] = production?.roles ?? [];
    if (!production || !role) throw new Error('The sample has no role.');
    const entitlementIds = Array.from({ length: 60 }, (_, index) => `an-entitlement-with-a-long-name-${index}`);
    const statements = Array.from({ length: 60 }, (_, index) => ({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::a-bucket-with-a-name-${index}/*`,
    }));
    const roles = [{ ...role, entitlementIds, permissions: { statements, managedPolicyArns: [] } }];
    expect(tooLong({ ...plan, mayPass: many, accounts: [{ ...production, roles }] })).toEqual([
      expect.stringMatching(/^The permissions boundary has \d+ characters, and at most 6144 are allowed\.$/),
      expect.stringMatching(/^The trust policy of daypass-jit-orders-read in production has \d+ .* at most 2048/),
      expect.stringMatching(/^The inline policy of daypass-jit-orders-read in production has \d+ .* at most 3413/),
    ]);
  });
});

describe('an external id', () => {
  it('is dp- and 32 letters and digits, all 160 bits in it', () => {
    expect(externalIdFrom(new Uint8Array(20))).toBe(`dp-${'a'.repeat(32)}`);
    expect(externalIdFrom(new Uint8Array(20).fill(255))).toBe(`dp-${'7'.repeat(32)}`);
    expect(externalIdFrom(Uint8Array.of(128, ...new Uint8Array(18), 1))).toBe(`dp-q${'a'.repeat(30)}b`);
  });

  it('takes no fewer bytes', () => {
    expect(() => externalIdFrom(new Uint8Array(16))).toThrow('20 random bytes');
  });
});
