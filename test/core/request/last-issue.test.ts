import { describe, expect, it } from 'vitest';
import { lastIssue } from '#core/grant/last-issue.ts';
import type { Session } from '#core/request/request.ts';

/** Intended by our clock at 10:03:00 for 19 minutes. */
const intended: Session = {
  mintId: 'mint-1',
  intendedAt: '2026-11-22T10:03:00.000Z',
  durationSec: 1_140,
  expiresBy: '2026-11-22T10:23:00.000Z',
};
const answered = (expiresAt: string): Session => ({
  ...intended,
  issued: { accessKeyId: 'ASIAEXAMPLE', expiresAt },
  expiresBy: expiresAt,
});

describe('when the last session of a grant was issued, by AWS’s clock', () => {
  it('is what STS’s answer says, whatever ours showed', () => {
    const sessions = [answered('2026-11-22T10:26:00.000Z'), answered('2026-11-22T10:22:00.000Z')];
    expect(lastIssue({ sessions })).toEqual({ lastIssuedAt: '2026-11-22T10:07:00.000Z' });
  });

  it('is, without an answer, a minute after the intent, and five more since the clocks may differ', () => {
    expect(lastIssue({ sessions: [intended, answered('2026-11-22T10:22:00.000Z')] })).toEqual({
      lastIssuedAt: '2026-11-22T10:09:00.000Z',
    });
  });

  it('is not known of a grant without sessions, or with those of an earlier version', () => {
    const { durationSec: _, ...old } = answered('2026-11-22T10:22:00.000Z');
    expect(lastIssue({ sessions: [] })).toEqual({});
    expect(lastIssue({ sessions: [old] })).toEqual({});
  });
});
