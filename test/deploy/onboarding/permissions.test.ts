import { expect, it } from 'vitest';
import { readPermissions } from '#deploy/onboarding/permissions.ts';
import { samplePolicy } from '#test/kit/policy.ts';

const policy = samplePolicy();
const problemsOf = (text: string): readonly string[] => {
  const read = readPermissions(text, policy);
  return read.ok ? [] : read.problems;
};

it('are read from YAML, with nothing for what is left out', () => {
  const text = `
mayPass: [app-*]
accounts:
  production:
    daypass-jit-orders-read:
      statements: [{ Effect: Allow, Action: "dynamodb:GetItem", Resource: "*" }]
    daypass-jit-orders-admin:
      managedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
`;
  expect(readPermissions(text, policy)).toEqual({
    ok: true,
    permissions: {
      mayPass: ['app-*'],
      accounts: {
        production: {
          'daypass-jit-orders-read': {
            statements: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }],
            managedPolicyArns: [],
          },
          'daypass-jit-orders-admin': {
            statements: [],
            managedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
          },
        },
      },
    },
  });
});

it.each([
  ['an account that is not there', 'accounts: { prodution: {} }', 'Did you mean production?'],
  [
    'a role that is not lent',
    'accounts: { production: { daypass-jit-order-read: {} } }',
    'Did you mean daypass-jit-orders-read?',
  ],
  ['a role of another account', 'accounts: { partner: { daypass-jit-orders-read: {} } }', 'Known: none.'],
  [
    'a misspelt key',
    'accounts: { production: { daypass-jit-orders-read: { statement: [] } } }',
    'statement is not known here',
  ],
  [
    'a statement without Effect',
    'accounts: { production: { daypass-jit-orders-read: { statements: [{}] } } }',
    'Effect is Allow or Deny',
  ],
  [
    'a policy that is no ARN',
    'accounts: { production: { daypass-jit-orders-read: { managedPolicyArns: [ReadOnlyAccess] } } }',
    'not the ARN',
  ],
  ['any role to pass', 'mayPass: ["*"]\naccounts: {}', 'neither any role'],
  ['a role of Daypass to pass', 'mayPass: [Daypass-revoker]\naccounts: {}', 'nor a role of Daypass'],
  ['no YAML', 'accounts: [', 'line 1: This is not valid YAML'],
  ['a second document', 'accounts: {}\n---\naccounts: {}\n', 'line 2: A second document begins here'],
  [
    'a role twice',
    'accounts: { production: { daypass-jit-orders-read: {}, daypass-jit-orders-read: {} } }',
    'is there twice',
  ],
  ['a version of YAML in which << brings statements in', '%YAML 1.1\n---\naccounts: {}\n', '%YAML'],
  ['a rule that looks like a comment', 'accounts: {} # none\rmayPass: [app-*]\n', 'line break that YAML does not take'],
  ['nothing', '', 'The file'],
])('with %s are refused, and it says why', (_, text, why) => {
  expect(problemsOf(text).join('\n')).toContain(why);
});
