import { expect, test } from 'vitest';
import { endedAt } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { found } from './found.ts';

const minted = endedAt('2026-11-22T10:02:00.000Z', 'revoked');
const after = (record: Record<string, unknown>) => {
  const use = records.use('2026-11-22T10:04:30Z');
  return found({ ...use, detail: { ...(use.detail as object), ...record } }, { minted });
};

const signIn = (answer: object, rest: object = {}) => ({
  eventType: 'AwsConsoleSignIn',
  eventSource: 'signin.amazonaws.com',
  eventName: 'ConsoleLogin',
  responseElements: answer,
  ...rest,
});

test.each([
  ['a sign-in that failed', signIn({ ConsoleLogin: 'Failure' }, { errorMessage: 'Failed authentication' })],
  ['the same without a message', signIn({ ConsoleLogin: 'Failure' })],
  ['a change of role in the console that failed', { ...signIn({ SwitchRole: 'Failure' }), eventName: 'SwitchRole' }],
  ['an error that has a message only', { eventName: 'GetObject', errorMessage: 'no' }],
])('%s is no proof that an ended session worked', (_, record) => {
  const [finding] = after(record);
  expect(finding).toMatchObject({ severity: 'low' });
  expect(finding?.summary).toContain('was answered with Failure');
});

test('a sign-in that succeeded is', () => {
  expect(after(signIn({ ConsoleLogin: 'Success' }))).toMatchObject([{ severity: 'critical' }]);
});

test.each(['Client.DryRunOperation', 'DryRunOperation', 'DryRunOperationException'])(
  'a dry run that ends in %s shows that an ended session may do it',
  (errorCode) => {
    const [finding] = after({ eventName: 'TerminateInstances', errorCode });
    expect(finding?.severity).toBe('critical');
    expect(finding?.summary).toContain('TerminateInstances would have succeeded, said its dry run');
  },
);

test('one that was not allowed is answered with what it was answered with', () => {
  const [finding] = after({ eventName: 'TerminateInstances', errorCode: 'Client.UnauthorizedOperation' });
  expect(finding?.severity).toBe('low');
  expect(finding?.summary).toBe(
    'A session of daypass-jit-orders-admin (222222222222) that had ended was used: TerminateInstances was answered with Client.UnauthorizedOperation.',
  );
});

test('whoever gave everybody’s boundary another version is told', () => {
  const event = records.boundaryVersion('CreatePolicyVersion', {
    policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    setAsDefault: true,
  });
  expect(found(event)).toMatchObject([{ detection: 'boundary-changed', severity: 'critical' }]);
});
