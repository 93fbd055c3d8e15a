import { expect, it } from 'vitest';
import { advance, isCodeExpired, isTokenLive, isTooSoon, type Login } from '#core/login/login.ts';

const atMs = Date.parse('2026-11-22T10:00:00.000Z');

const waiting: Login = {
  id: '01KAN0DAYPASS0000000000000',
  version: 1,
  status: 'waiting',
  deviceCodeHash: 'd'.repeat(64),
  userCode: 'BCDF-GHJK',
  askedFrom: { ip: '192.0.2.7', program: 'daypass CLI' },
  askedAt: '2026-11-22T10:00:00.000Z',
  codeExpiresAt: '2026-11-22T10:10:00.000Z',
};

const active = advance(waiting, {
  status: 'active',
  personId: 'alice',
  tokenHash: 't'.repeat(64),
  tokenExpiresAt: '2026-11-22T18:00:00.000Z',
});

it('a code is good until its end and not at it', () => {
  expect(isCodeExpired(waiting, atMs + 599_999)).toBe(false);
  expect(isCodeExpired(waiting, atMs + 600_000)).toBe(true);
});

it('a token is live until its end, for its own hash only, and only while the login is active', () => {
  const endsMs = Date.parse('2026-11-22T18:00:00.000Z');
  expect(isTokenLive(active, 't'.repeat(64), endsMs - 1)).toBe(true);
  expect(isTokenLive(active, 't'.repeat(64), endsMs)).toBe(false);
  expect(isTokenLive(active, 'u'.repeat(64), atMs)).toBe(false);
  expect(isTokenLive(waiting, 't'.repeat(64), atMs)).toBe(false);
  expect(isTokenLive(advance(active, { status: 'revoked', personId: 'alice' }), 't'.repeat(64), atMs)).toBe(false);
});

it('a poll after the interval of two seconds is never too soon, nor is one whose timer was a little early', () => {
  expect(isTooSoon(undefined, atMs)).toBe(false);
  expect(isTooSoon('2026-11-22T10:00:00.000Z', atMs + 2000)).toBe(false);
  expect(isTooSoon('2026-11-22T10:00:00.000Z', atMs + 1500)).toBe(false);
  expect(isTooSoon('2026-11-22T10:00:00.000Z', atMs + 1499)).toBe(true);
});

it('the next version counts on and keeps no trace of the token that was revoked', () => {
  const revoked = advance(active, { status: 'revoked', personId: 'alice' });
  expect(revoked.version).toBe(3);
  expect(JSON.stringify(revoked)).not.toContain('t'.repeat(64));
  expect(revoked).not.toHaveProperty('tokenExpiresAt');
});
