import { describe, expect, it } from 'vitest';
import { watermarkOf } from '#core/ledger/console-button.ts';
import { denyDocument, revokesBefore } from '#core/ledger/document.ts';
import { deniedBefore, emptyLedger, withWatermark } from '#core/ledger/ledger.ts';

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const nowMs = Date.parse('2026-11-22T10:30:01.000Z');

/** As the console writes it: docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html */
const statement = (issuedBefore: unknown, change: Readonly<Record<string, unknown>> = {}) => ({
  Effect: 'Deny',
  Action: ['*'],
  Resource: ['*'],
  Condition: { DateLessThan: { 'aws:TokenIssueTime': issuedBefore } },
  ...change,
});
const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

describe('what the console’s button wrote', () => {
  it('is read from a policy, to the millisecond; of several the newest counts', () => {
    expect(revokesBefore(policy(statement('2026-11-22T10:30:00.138Z')))).toBe('2026-11-22T10:30:00.138Z');
    expect(revokesBefore(policy(statement('2026-11-22T10:30:00Z'), statement('2026-11-22T10:29:00Z')))).toBe(
      '2026-11-22T10:30:00.000Z',
    );
    expect(revokesBefore(policy(statement('2026-11-22T10:30:00Z', { Sid: 'mine', Action: '*', Resource: '*' })))).toBe(
      '2026-11-22T10:30:00.000Z',
    );
  });

  it.each([
    ['a statement of Daypass', policy(statement('2026-11-22T10:30:00Z', { Sid: 'DaypassEverySession' }))],
    ['an Allow', policy(statement('2026-11-22T10:30:00Z', { Effect: 'Allow' }))],
    ['one action', policy(statement('2026-11-22T10:30:00Z', { Action: ['s3:GetObject'] }))],
    ['one resource', policy(statement('2026-11-22T10:30:00Z', { Resource: 'arn:aws:s3:::orders/*' }))],
    ['all actions but some', policy(statement('2026-11-22T10:30:00Z', { NotAction: 's3:*' }))],
    ['no condition', policy(statement('', { Condition: undefined }))],
    [
      'one more condition',
      policy(
        statement('', {
          Condition: {
            DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:30:00Z' },
            StringEquals: { 'aws:PrincipalTag/team': 'orders' },
          },
        }),
      ),
    ],
    [
      'another date',
      policy(statement('', { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-22T10:30:00Z' } } })),
    ],
    ['a time that is none', policy(statement('2026-13-41T10:30:00Z'))],
    ['a time that is a number', policy(statement(1_795_343_400))],
    ['several times', policy(statement(['2026-11-22T10:30:00Z', '2099-01-01T00:00:00Z']))],
    ['a condition that is a text', policy(statement('', { Condition: 'never' }))],
    ['no policy', 'not a policy'],
    ['nothing', 'null'],
  ])('is not seen in %s', (_, document) => {
    expect(revokesBefore(document)).toBeUndefined();
  });

  it('is a watermark that denies exactly what it says, until the last session of before must be dead', () => {
    const watermark = watermarkOf('2026-11-22T10:30:00.138Z', '2026-11-22T10:30:00.000Z');
    expect(deniedBefore(watermark)).toBe('2026-11-22T10:30:00.138Z');
    expect(watermark).toMatchObject({ coversUntil: '2026-11-23T10:45:00.138Z', cause: { kind: 'console' } });
  });

  it('keeps nobody out for long, whatever time the event has in it', () => {
    const watermark = watermarkOf('2099-01-01T00:00:00.000Z', '2026-11-22T10:30:00.000Z');
    expect(deniedBefore(watermark)).toBe('2026-11-22T10:35:00.000Z');
  });

  it('is nothing new the second time, and lowers nothing when it comes late', () => {
    const event = watermarkOf('2026-11-22T10:30:00.138Z', '2026-11-22T10:30:00.000Z');
    const once = withWatermark(emptyLedger(roleArn), event, nowMs);
    expect(once.entriesVersion).toBe(1);
    expect(withWatermark(once, event, nowMs)).toBe(once);
    const late = watermarkOf('2026-11-22T09:00:00.000Z', '2026-11-22T09:00:00.000Z');
    expect(withWatermark(once, late, nowMs)).toBe(once);
    const empty = emptyLedger(roleArn);
    expect(withWatermark(empty, event, nowMs + 25 * 3_600_000)).toBe(empty);
  });

  it('is not said twice where the role shows it, and is said where it does not', () => {
    const ledger = withWatermark(
      emptyLedger(roleArn),
      watermarkOf('2026-11-22T10:30:00.138Z', '2026-11-22T10:30:00.000Z'),
      nowMs,
    );
    const theirs = policy(statement('2026-11-22T10:30:00.138Z'));
    expect(denyDocument(ledger, theirs)).toBe(theirs);
    const older = denyDocument(ledger, policy(statement('2026-11-22T10:30:00.137Z'))) ?? '';
    const sids = (document: string): unknown[] =>
      (JSON.parse(document) as { Statement: { Sid?: string }[] }).Statement.map(({ Sid }) => Sid);
    expect(sids(older)).toEqual(['DaypassEverySession', undefined]);
    expect(older).toContain('2026-11-22T10:30:00.138Z');
    expect(sids(denyDocument(ledger, undefined) ?? '')).toEqual(['DaypassEverySession']);
  });
});
