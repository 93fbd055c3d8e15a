import { describe, expect, it } from 'vitest';
import { sessionPolicy } from '#core/grant/session-policy.ts';
import { denyDocument } from '#core/ledger/document.ts';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import { onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { terraform } from '#deploy/onboarding/terraform.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { compiled } from './hub/compiled.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text that is a document within another one: Terraform's, and the session's. */
const asJson = (text: string): unknown => {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Every statement with a condition, wherever it stands. */
const conditional = (value: unknown): Json[] => {
  if (typeof value === 'string') return conditional(asJson(value));
  if (Array.isArray(value)) return value.flatMap(conditional);
  if (!isObject(value)) return [];
  const own = isObject(value.Condition) && (value.Effect === 'Allow' || value.Effect === 'Deny') ? [value] : [];
  return [...own, ...Object.values(value).flatMap(conditional)];
};

/** What the service authorization reference calls ArrayOfString, as it stands there. */
const lists = [
  'aws:CalledVia',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalServiceNamesList',
  'aws:ResourceOrgPaths',
  'aws:SourceOrgPaths',
  'aws:TagKeys',
  'dynamodb:Attributes',
  'dynamodb:LeadingKeys',
  'events:detail-type',
  'events:source',
  'kms:EncryptionContextKeys',
  'sts:TransitiveTagKeys',
];
const isList = (key: string): boolean => lists.some((list) => list.toLowerCase() === key.toLowerCase());

/** With no tag sent there is nothing that could be put on a session, and a hop brings no tags of its own. */
const saysNothingWithout = ({ Action }: Json, key: string): boolean =>
  Action === 'sts:TagSession' && key === 'aws:TagKeys';

const mistakesIn = (statement: Json): string[] => {
  const condition = statement.Condition as Readonly<Record<string, Json>>;
  const demanded = (key: string): boolean => condition.Null?.[key] === 'false';
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.keys(keys).flatMap((key) => {
      if (operator === 'Null') return [];
      const set = operator.startsWith('ForAllValues:') || operator.startsWith('ForAnyValue:');
      if (isList(key) !== set) return [`${operator} on ${key}`];
      const open =
        operator.startsWith('ForAllValues:') &&
        statement.Effect === 'Allow' &&
        !demanded(key) &&
        !saysNothingWithout(statement, key);
      return open ? [`${operator} on ${key} without Null: false`] : [];
    }),
  );
};

const sample = samplePolicy();
const [read, orders, payments] = sample.entitlements;
if (!read || !orders || !payments) throw new Error('The sample policy has three entitlements.');
const into = ['arn:aws:iam::222222222222:role/daypass-jit-payments-admin'];
const policy = { ...sample, entitlements: [read, { ...orders, tags: { team: 'x' }, chaining: { into } }, payments] };
const targets = targetsOf(policy);
const plan = onboardingPlan(policy, targets);
const node = onboardingPlan(policy, targets, { broker: 'arn:aws:iam::111111111111:role/node' });
const revoked = { revokedAt: '2026-11-22T10:00:00.000Z', coversUntil: '2026-11-22T11:00:00.000Z' };

const documents: [name: string, document: unknown, keys: readonly string[]][] = [
  [
    'the hub: functions, machines, queues, topic and bus',
    compiled(),
    ['aws:SecureTransport', 'aws:SourceAccount', 'aws:SourceArn', 'dynamodb:LeadingKeys', 'events:source'],
  ],
  [
    'onboarding by CloudFormation',
    cloudFormation(plan),
    ['aws:PrincipalArn', 'aws:SourceArn', 'aws:TagKeys', 'iam:PermissionsBoundary', 'sts:ExternalId'],
  ],
  ['onboarding for a single node', cloudFormation(node), ['aws:TagKeys', 'sts:TransitiveTagKeys']],
  ...plan.accounts.map((account): [string, unknown, readonly string[]] => [
    `onboarding ${account.name} by Terraform`,
    terraform(plan, account),
    ['aws:SourceArn', 'aws:TagKeys', 'iam:PermissionsBoundary', 'sts:ExternalId', 'sts:TransitiveTagKeys'].filter(
      (key) => account.roles.length > 0 || !/Tag/.test(key),
    ),
  ]),
  ['a session policy', sessionPolicy({ endsAt: revoked.coversUntil, chaining: { into } }), ['aws:CurrentTime']],
  [
    'the deny on a role',
    denyDocument(
      {
        entries: [
          { grantId: '01J9ZX5T8R5C6X3K4M2N7P8Q9R', ...revoked },
          { userId: 'AROA:alice', ...revoked },
          { ungranted: true, ...revoked },
        ],
        watermark: revoked,
      },
      undefined,
    ),
    ['aws:PrincipalTag/daypass:grant', 'aws:TokenIssueTime', 'aws:userid'],
  ],
];

describe('every condition of every document that Daypass writes', () => {
  it.each(documents)(
    '%s: asks keys of several values as a set, and an Allow for their presence',
    (_, document, keys) => {
      const statements = conditional(document);
      const asked = statements.flatMap(({ Condition }) =>
        Object.values(Condition as Readonly<Record<string, Json>>).flatMap((keysOf) => Object.keys(keysOf)),
      );
      expect(asked).toEqual(expect.arrayContaining([...keys]));
      expect(statements.flatMap(mistakesIn)).toEqual([]);
    },
  );
});
