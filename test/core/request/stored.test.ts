import { expect, it } from 'vitest';
import { intendSession, recordSession } from '#core/grant/grant.ts';
import { lastExpiry, lastIssue } from '#core/grant/minted.ts';
import type { LiveRequest } from '#core/request/request.ts';
import { readStored } from '#core/request/stored.ts';
import { active, pending } from './requests.ts';

const embedded = {
  mintId: '01KB0000000000000000000001',
  intendedAt: '2026-11-22T10:03:00.000Z',
  durationSec: 900,
  expiresBy: '2026-11-22T10:18:01.000Z',
  issued: { accessKeyId: 'ASIAEXAMPLE', expiresAt: '2026-11-22T10:18:01.000Z' },
};
const { issued: _, ...unanswered } = {
  ...embedded,
  mintId: '01KB0000000000000000000002',
  intendedAt: '2026-11-22T10:04:00.000Z',
  expiresBy: '2026-11-22T10:20:00.000Z',
};

it('a request that an earlier version stored says what revocation needs of the sessions inside it, and keeps them', () => {
  const read = readStored({ ...active(), sessions: [embedded, unanswered] });
  expect(read.sessions).toEqual([embedded, unanswered]);
  expect(read.minted).toEqual({
    count: 2,
    open: [{ mintId: unanswered.mintId, intendedAt: unanswered.intendedAt, expiresBy: unanswered.expiresBy }],
    batches: [
      {
        count: 1,
        intendedAt: embedded.intendedAt,
        expiresBy: embedded.expiresBy,
        issuedBy: '2026-11-22T10:03:01.000Z',
      },
    ],
    lately: { since: '2026-11-22T10:04:00.000Z', count: 1 },
  });
  expect(lastExpiry(read.minted)).toBe('2026-11-22T10:20:00.000Z');
  expect(lastIssue(read.minted)).toEqual({ lastIssuedAt: '2026-11-22T10:10:00.000Z' });
});

it('one without sessions is read as one of today', () => {
  expect(readStored({ ...pending(), sessions: [] })).toEqual(pending());
  expect(readStored(active())).toEqual(active());
});

it('goes on: what is minted since counts with what was', () => {
  const read = readStored({ ...active(), sessions: [embedded] }) as LiveRequest;
  const { request, session } = intendSession(read, '01KB0000000000000000000003', '2026-11-22T10:05:00.000Z', 1_020);
  const issued = { accessKeyId: 'ASIAANOTHER', expiresAt: '2026-11-22T10:22:01.000Z' };
  const stored = readStored(recordSession(request, session, issued, '2026-11-22T10:05:01.000Z').request);
  expect(stored.minted).toMatchObject({ count: 2, open: [] });
  expect(lastExpiry(stored.minted)).toBe('2026-11-22T10:22:01.000Z');
  expect(lastIssue(stored.minted)).toEqual({ lastIssuedAt: '2026-11-22T10:05:01.000Z' });
});
