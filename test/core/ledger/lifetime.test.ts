import { describe, expect, it } from 'vitest';
import { deadByOf } from '#core/detection/finding.ts';
import { emptyLedger, pruned, withEntries } from '#core/ledger/ledger.ts';
import { allDeadBy, deadBy } from '#core/ledger/lifetime.ts';
import { readEarlier } from '#core/ledger/stored.ts';

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const expiry = '2026-11-22T11:00:00.000Z';

describe('what was a session is dead', () => {
  it('with its credentials, where they were chained: getSigninToken takes no SessionDuration of them', () => {
    expect(deadBy(expiry, { chained: true })).toBe('2026-11-22T11:00:00.000Z');
  });

  it('12 hours and the 15 minutes of a sign-in address later, where they were not', () => {
    expect(deadBy(expiry, { chained: false })).toBe('2026-11-22T23:15:00.000Z');
  });

  it('not before the longest-lived thing that it may have left behind', () => {
    expect(deadBy(expiry, { chained: true, leavesForMs: 12 * 3_600_000 })).toBe('2026-11-22T23:00:00.000Z');
    expect(deadBy(expiry, { chained: false, leavesForMs: 3_600_000 })).toBe('2026-11-22T23:15:00.000Z');
    expect(deadBy(expiry, { chained: false, leavesForMs: 24 * 3_600_000 })).toBe('2026-11-23T11:00:00.000Z');
  });

  it('24 hours and 15 minutes after its issue at the latest, whatever it was', () => {
    expect(allDeadBy('2026-11-22T10:00:00.000Z')).toBe('2026-11-23T10:15:00.000Z');
  });

  it('at the worst, for a finding of an earlier version, which does not say how it came about', () => {
    expect(deadByOf({ userId: 'AROA:x', expiresBy: expiry })).toBe('2026-11-22T23:15:00.000Z');
    expect(deadByOf({ userId: 'AROA:x', expiresBy: expiry, deadBy: expiry })).toBe(expiry);
  });
});

describe('an entry of the ledger', () => {
  const revokedAt = '2026-11-22T10:05:00.000Z';
  const at = (time: string): number => Date.parse(`2026-11-22T${time}.000Z`);

  it('stays 12 hours and more for a session that may be a console’s, and five minutes for a chained one', () => {
    const strange = { userId: 'AROA:x', revokedAt, coversUntil: deadBy(expiry, { chained: false }) };
    const chained = { userId: 'AROA:y', revokedAt, coversUntil: deadBy(expiry, { chained: true }) };
    const ledger = withEntries(emptyLedger(roleArn), [strange, chained], at('10:05:00'));
    expect(pruned(ledger, at('11:04:59')).entries).toEqual([strange, chained]);
    expect(pruned(ledger, at('11:05:00')).entries).toEqual([strange]);
    expect(pruned(ledger, at('23:19:59')).entries).toEqual([strange]);
    expect(pruned(ledger, at('23:20:00')).entries).toEqual([]);
  });

  it('of an earlier version is read at the worst, except a grant’s, which a function had minted', () => {
    const [byGrant, byName] = [
      { grantId: '01JD8Q00000000000000000AAA', revokedAt, coversUntil: expiry },
      { userId: 'AROA:x', revokedAt, coversUntil: expiry },
    ];
    const ungranted = { ungranted: true, revokedAt, coversUntil: expiry } as const;
    const watermark = { revokedAt, coversUntil: expiry };
    const stored = { ...emptyLedger(roleArn), version: 3, entries: [byGrant, byName, ungranted], watermark };
    expect(readEarlier(stored)).toEqual({
      ...stored,
      entries: [
        byGrant,
        { ...byName, coversUntil: '2026-11-22T23:15:00.000Z' },
        { ...ungranted, coversUntil: '2026-11-22T23:15:00.000Z' },
      ],
      watermark: { revokedAt, coversUntil: '2026-11-22T23:15:00.000Z' },
    });
    expect(readEarlier(emptyLedger(roleArn))).toEqual(emptyLedger(roleArn));
  });
});
