import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denyDocument, inlinePolicyBudget, sameDocument } from '#core/ledger/document.ts';
import { emptyLedger, type Ledger, type LedgerEntry, withEntries } from '#core/ledger/ledger.ts';

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const grantA = {
  grantId: '01JD8Q00000000000000000AAA',
  revokedAt: '2026-11-22T10:10:00.000Z',
  coversUntil: '2026-11-22T11:00:00.000Z',
};
const grantB = {
  grantId: '01JD8Q00000000000000000BBB',
  revokedAt: '2026-11-22T10:20:00.000Z',
  coversUntil: '2026-11-22T11:10:00.000Z',
};
const session = {
  userId: 'AROAEXAMPLE:intruder',
  revokedAt: '2026-11-22T10:15:00.000Z',
  coversUntil: '2026-11-22T11:15:00.000Z',
};
const nowMs = Date.parse('2026-11-22T10:30:00.000Z');

const ledgerOf = (...entries: LedgerEntry[]): Ledger =>
  entries.reduce((ledger, entry) => withEntries(ledger, [entry], nowMs), emptyLedger(roleArn));

const statementsOf = (document: string | undefined): Record<string, unknown>[] =>
  (JSON.parse(document ?? '{"Statement":[]}') as { Statement: Record<string, unknown>[] }).Statement;

/** What the console's "Revoke active sessions" writes. */
const consolePolicy = (before: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: { 'aws:TokenIssueTime': before } } },
    ],
  });

describe('the deny document', () => {
  it('denies everything to the revoked grants, by tag, and by an issue time at which the last of their sessions is dead', () => {
    expect(statementsOf(denyDocument(ledgerOf(grantA, grantB), undefined))).toEqual([
      {
        Sid: 'DaypassGrants',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:PrincipalTag/daypass:grant': [grantA.grantId, grantB.grantId] },
          DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T11:10:00.000Z' },
        },
      },
    ]);
  });

  it('denies a session without a grant by its user id and its own time', () => {
    expect(statementsOf(denyDocument(ledgerOf(session), undefined))).toEqual([
      {
        Sid: 'DaypassSession1',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:userid': 'AROAEXAMPLE:intruder' },
          DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:15:30.000Z' },
        },
      },
    ]);
  });

  it('denies every session that carries no grant, and none that carries one', () => {
    const ungranted = {
      ungranted: true as const,
      revokedAt: '2026-11-22T10:15:00.000Z',
      coversUntil: '2026-11-22T22:15:00.000Z',
    };
    expect(statementsOf(denyDocument(ledgerOf(ungranted), undefined))).toEqual([
      {
        Sid: 'DaypassUngranted',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          Null: { 'aws:PrincipalTag/daypass:grant': 'true' },
          DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:15:30.000Z' },
        },
      },
    ]);
  });

  it('keeps what somebody else wrote, to the letter', () => {
    const theirs = consolePolicy('2026-11-22T10:29:00Z');
    const document = denyDocument(ledgerOf(grantA), theirs);
    expect(statementsOf(document)).toHaveLength(2);
    expect(statementsOf(document)).toContainEqual(statementsOf(theirs)[0]);
    expect(statementsOf(denyDocument(ledgerOf(grantA, grantB), document))).toContainEqual(statementsOf(theirs)[0]);
  });

  it('does not keep what somebody put there to allow something', () => {
    const allowAll = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
    });
    expect(statementsOf(denyDocument(ledgerOf(grantA), allowAll)).map(({ Effect }) => Effect)).toEqual(['Deny']);
  });

  it('is nothing where there is nothing to deny', () => {
    expect(denyDocument(emptyLedger(roleArn), undefined)).toBeUndefined();
  });

  it('never grows past the budget, and still denies every entry when it had to collapse', () => {
    const many = (count: number): Ledger => ({
      ...emptyLedger(roleArn),
      entries: Array.from({ length: count }, (_, index) => ({
        grantId: `01JD8Q${String(index).padStart(20, '0')}`,
        revokedAt: new Date(nowMs + index * 1000).toISOString(),
        coversUntil: new Date(nowMs + 3_600_000).toISOString(),
      })),
    });
    for (const count of [1, 53, 54, 347, 348, 349, 1000, 10_000]) {
      const ledger = many(count);
      const document = denyDocument(ledger, undefined) ?? '';
      expect(document.length).toBeLessThanOrEqual(inlinePolicyBudget);
      const [first] = statementsOf(document);
      const roleWideBefore =
        first?.Sid === 'DaypassEverySession'
          ? ((first.Condition as { DateLessThan: Record<string, string> }).DateLessThan['aws:TokenIssueTime'] ?? '')
          : '';
      for (const entry of ledger.entries) {
        if (!('grantId' in entry)) throw new Error('only grants here');
        expect(document.includes(entry.grantId) || entry.revokedAt < roleWideBefore).toBe(true);
      }
    }
  });

  it('says the same whatever its spacing and order', () => {
    expect(sameDocument('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }')).toBe(true);
    expect(sameDocument('{"a":1}', '{"a":2}')).toBe(false);
    expect(sameDocument(undefined, '{"a":1}')).toBe(false);
  });
});

describe('the ledger', () => {
  const entry = fc.record({
    grantId: fc.constantFrom('A', 'B', 'C', 'D'),
    revokedAt: fc.integer({ min: 0, max: 3600 }).map((sec) => new Date(nowMs + sec * 1000).toISOString()),
    coversUntil: fc.integer({ min: 3600, max: 7200 }).map((sec) => new Date(nowMs + sec * 1000).toISOString()),
  });

  it('denies every grant that was revoked and whose credentials can still be alive, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (entries) => {
        const document = denyDocument(ledgerOf(...entries), undefined) ?? '';
        for (const { grantId } of entries) expect(document).toContain(`"${grantId}"`);
        const last = entries.map(({ coversUntil }) => Date.parse(coversUntil)).reduce((a, b) => Math.max(a, b), 0);
        expect(document).toContain(new Date(last).toISOString());
      }),
    );
  });

  it('never moves a revocation back when it is made again', () => {
    const [again] = ledgerOf(grantB, {
      ...grantB,
      revokedAt: grantA.revokedAt,
      coversUntil: grantA.coversUntil,
    }).entries;
    expect(again).toEqual(grantB);
  });

  it('lets an entry go five minutes after the last credential that it covers has died, not before', () => {
    const ledger = ledgerOf(grantA);
    const ids = (at: string) =>
      withEntries(ledger, [grantB], Date.parse(at)).entries.map((each) => ('grantId' in each ? each.grantId : ''));
    expect(ids('2026-11-22T11:04:59.999Z')).toEqual([grantA.grantId, grantB.grantId]);
    expect(ids('2026-11-22T11:05:00.000Z')).toEqual([grantB.grantId]);
  });
});
