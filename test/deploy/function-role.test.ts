import { expect, it } from 'vitest';
import { functionPolicy } from '#deploy/function-role.ts';
import type { FunctionConfig, PermissionStatement } from '#functions/config.ts';

const configOf = (statements: readonly PermissionStatement[]): FunctionConfig => ({
  name: 'sweep',
  description: '',
  trigger: { kind: 'task' },
  environment: [],
  statements,
  timeoutSec: 3,
  memoryMb: 128,
});

it('a function’s policy is what its configuration says, without the reasons', () => {
  const statements = [
    {
      actions: ['sts:AssumeRole'],
      resources: ['arn:aws:iam::*:role/daypass-revoker'],
      wideBecause: 'Accounts come and go.',
      untestedBecause: 'Nobody can.',
    },
    { actions: ['dynamodb:GetItem'], resources: ['${table-arn}'], leadingKeys: ['REQUEST#*', 'LEDGER'] },
  ];
  expect(functionPolicy(configOf(statements), { 'table-arn': 'arn:of:table' })).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: ['arn:aws:iam::*:role/daypass-revoker'] },
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem'],
        Resource: ['arn:of:table'],
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REQUEST#*', 'LEDGER'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ],
  });
});

it('a token without a value is refused', () => {
  expect(() => functionPolicy(configOf([{ actions: ['a:B'], resources: ['${nowhere}'] }]), {})).toThrow('${nowhere}');
});
