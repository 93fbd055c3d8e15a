import { describe, expect, it } from 'vitest';
import type { FunctionConfig, PermissionStatement } from '#functions/config.ts';
import type { Permission as InPolicy } from '#local/aws/iam/authorized.ts';
import type { Recorded } from './recording.ts';
import { judge, testsThatNeed } from './verdict.ts';

const arn = 'arn:aws:dynamodb:us-east-1:111111111111:table/daypass';
const roleArnOf = (name: string): string => `arn:aws:iam::111111111111:role/daypass-${name}`;

const configOf = (statements: readonly PermissionStatement[]): FunctionConfig => ({
  name: 'notify',
  description: 'Says things.',
  trigger: { kind: 'event' },
  environment: [],
  statements,
  timeoutSec: 30,
  memoryMb: 512,
});

const call = (action: string, allowedBy: readonly InPolicy[], test = 'a test', resource = arn): Recorded => ({
  test,
  roleArn: roleArnOf('notify'),
  action,
  resource,
  allowedBy,
});

const get: PermissionStatement = { actions: ['dynamodb:GetItem'], resources: ['${table-arn}'] };
const got = call('dynamodb:GetItem', [{ action: 'dynamodb:GetItem', resource: arn }]);

const judged = (statements: readonly PermissionStatement[], recorded: readonly Recorded[]): string[] =>
  judge({ functions: [configOf(statements)], arns: { 'table-arn': arn }, roleArnOf, recorded });

describe('the verdict on permissions', () => {
  it('is silent about what a test needs', () => {
    expect(judged([get], [got])).toEqual([]);
  });

  it('names function, action and resource of what nobody used, and what to do', () => {
    expect(judged([{ ...get, actions: ['dynamodb:GetItem', 'dynamodb:Scan'] }], [got])).toEqual([
      'notify: dynamodb:Scan on ${table-arn} is used by no e2e test. Remove it from functions/notify/config.ts, or add an e2e test that uses it, or write untestedBecause beside it.',
    ]);
  });

  it('does not take the use of another function, action or resource for it', () => {
    const elsewhere = { ...got, roleArn: roleArnOf('sweep') };
    const other = call('dynamodb:GetItem', [{ action: 'dynamodb:GetItem', resource: `${arn}/index/byStatus` }]);
    expect(judged([get], [elsewhere, other])).toHaveLength(1);
  });

  it('looks at each leading key by itself', () => {
    const both: PermissionStatement = { ...get, leadingKeys: ['REQUEST#*', 'LEDGER'] };
    const used = { action: 'dynamodb:GetItem', resource: arn, leadingKey: 'LEDGER' };
    expect(judged([both], [call('dynamodb:GetItem', [used])])).toEqual([
      expect.stringContaining('notify: dynamodb:GetItem on ${table-arn} for REQUEST#* is used by no e2e test.'),
    ]);
  });

  it('finds the one of two that allow the same, since taking it away would break nothing', () => {
    const wide: PermissionStatement = { actions: ['dynamodb:GetItem'], resources: ['${table-arn}*'] };
    const shared = call('dynamodb:GetItem', [
      { action: 'dynamodb:GetItem', resource: arn },
      { action: 'dynamodb:GetItem', resource: `${arn}*` },
    ]);
    const problems = judged([get, wide], [shared]);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toBe(
      `notify: dynamodb:GetItem on \${table-arn} is not needed: dynamodb:GetItem on ${arn}* allows the same. Remove one of the two from functions/notify/config.ts.`,
    );
  });

  it('takes no * in an action, used or not, whatever is written beside it', () => {
    const star: PermissionStatement = { ...get, actions: ['dynamodb:*'], untestedBecause: 'no reason is good enough' };
    const used = call('dynamodb:GetItem', [{ action: 'dynamodb:*', resource: arn }]);
    expect(judged([star], [used])).toContain(
      'notify: dynamodb:* names more than one action. Name each action in functions/notify/config.ts.',
    );
    expect(judged([{ ...get, actions: ['dynamodb:Ge?Item'] }], [])).toContainEqual(
      expect.stringContaining('dynamodb:Ge?Item names more than one action'),
    );
  });

  it.each(['*', 'arn:aws:iam::*:role/daypass-jit-*'])('wants a reason for %s, and is content with one', (resource) => {
    const statement: PermissionStatement = { actions: ['sts:AssumeRole'], resources: [resource] };
    const used = call('sts:AssumeRole', [{ action: 'sts:AssumeRole', resource }]);
    expect(judged([statement], [used])).toEqual([
      `notify: ${resource} is every resource, or one in whatever account. Name it in functions/notify/config.ts, or write wideBecause beside it.`,
    ]);
    expect(judged([{ ...statement, wideBecause: ' ' }], [used])).toHaveLength(1);
    expect(judged([{ ...statement, wideBecause: 'Accounts come and go.' }], [used])).toEqual([]);
  });

  it('does not take the reason for a wide resource for a reason why nobody uses it', () => {
    const statement: PermissionStatement = { actions: ['sts:AssumeRole'], resources: ['*'], wideBecause: 'It must.' };
    expect(judged([statement], [])).toEqual([expect.stringContaining('is used by no e2e test')]);
  });

  it('takes an unused permission with a reason, and no empty reason', () => {
    expect(judged([{ ...get, untestedBecause: 'Only in a region that is down.' }], [])).toEqual([]);
    expect(judged([{ ...get, untestedBecause: '' }], [])).toHaveLength(1);
  });

  it('finds reasons that are not needed any more', () => {
    expect(judged([{ ...get, untestedBecause: 'Nobody can.' }], [got])).toEqual([
      'notify: dynamodb:GetItem on ${table-arn} is used by the e2e suite. Move it in functions/notify/config.ts to a statement without untestedBecause, or remove that.',
    ]);
    expect(judged([{ ...get, wideBecause: 'It was wide.' }], [got])).toEqual([
      'notify: no resource of the statement is wide (${table-arn}). Remove its wideBecause from functions/notify/config.ts.',
    ]);
  });

  it('finds what a function was refused, once', () => {
    const refused = { ...call('dynamodb:PutItem', []), leadingKeys: ['LEDGER'] };
    expect(judged([get], [got, refused, refused])).toEqual([
      `notify: dynamodb:PutItem on ${arn} for LEDGER was refused in the test "a test". Allow it in functions/notify/config.ts.`,
    ]);
  });

  it('says nothing of roles that are no function’s', () => {
    const lent = {
      ...call('iam:PutRolePolicy', []),
      roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
    };
    expect(judged([get], [got, lent])).toEqual([]);
  });
});

describe('the tests that need a permission', () => {
  it('are those in which nothing else allowed the call', () => {
    const permission = { functionName: 'notify', action: 'dynamodb:GetItem', resource: '${table-arn}' };
    const only = { action: 'dynamodb:GetItem', resource: arn };
    const recorded = [
      call('dynamodb:GetItem', [only], 'first'),
      call('dynamodb:GetItem', [only], 'first', `${arn}`),
      call('dynamodb:GetItem', [only, { action: 'dynamodb:GetItem', resource: '*' }], 'second'),
      call('dynamodb:GetItem', [only], 'third'),
    ];
    const suite = { functions: [configOf([get])], arns: { 'table-arn': arn }, roleArnOf, recorded };
    expect(testsThatNeed(permission, suite)).toEqual(['first', 'third']);
  });
});
