import { expect, it } from 'vitest';
import { normalAddress } from '#cli/address.ts';
import { homeOf } from '#cli/home.ts';
import { missing, standing, table, when } from '#cli/show.ts';
import { waitsFor } from '#cli/show-extension.ts';
import { extending, pending } from './samples.ts';

const nowMs = Date.parse('2026-11-22T10:00:00.000Z');

it('an instant is said by its two largest units and the time of day', () => {
  expect(when('2026-11-22T10:00:42.000Z', nowMs)).toMatch(/^in 42 s \(.+\)$/);
  expect(when('2026-11-22T11:30:05.000Z', nowMs)).toMatch(/^in 1 h 30 min \(.+\)$/);
  expect(when('2026-11-22T09:57:00.000Z', nowMs)).toMatch(/^3 min ago \(.+\)$/);
});

it('columns are as wide as their widest cell, and no line ends in spaces', () => {
  expect(
    table(
      ['A', 'B'],
      [
        ['long', 'x'],
        ['s', ''],
      ],
    ),
  ).toEqual(['A     B', 'long  x', 's']);
});

it('counts approvals, not denials', () => {
  const bob = { id: 'bob', name: 'Bob' };
  const votes = [{ person: bob, verdict: 'deny' as const, at: '2026-11-22T10:00:00.000Z' }];
  expect(missing({ ...pending, votes })).toBe('0 of 1 approvals, by leads');
});

it('an extension waits for those who can still answer', () => {
  const [waiting] = extending.extensions ?? [];
  if (!waiting) throw new Error('The sample has no extension.');
  const people = ['Bob', 'Carol', 'Dave', 'Alice'].map((name) => ({ id: name.toLowerCase(), name }));
  const of = (count: number, from: number, voted: readonly string[] = []): string =>
    waitsFor({
      ...waiting,
      votes: people
        .filter(({ name }) => voted.includes(name))
        .map((person) => ({ person, verdict: 'approve', at: '2026-11-22T10:00:00.000Z' })),
      approvals: { count, approvers: people.slice(0, from), groups: ['leads', 'owners'] },
    });
  expect(of(1, 1)).toBe('Bob');
  expect(of(1, 2)).toBe('Bob or Carol');
  expect(of(2, 2)).toBe('Bob and Carol');
  expect(of(2, 2, ['Bob'])).toBe('Carol');
  expect(of(2, 3)).toBe('2 of Bob, Carol, Dave');
  expect(of(1, 4)).toBe('1 of leads or owners');
  expect(of(1, 0)).toBe('1 of leads or owners');
});

it('finds the configuration folder of each platform', () => {
  expect(homeOf({ DAYPASS_HOME: '/d', XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/d');
  expect(homeOf({ XDG_CONFIG_HOME: '/x', HOME: '/h' }, 'linux')).toBe('/x/daypass');
  expect(homeOf({ HOME: '/h' }, 'linux')).toBe('/h/.config/daypass');
  expect(homeOf({ APPDATA: '/a', HOME: '/h' }, 'win32')).toBe('/a/daypass');
});

it('an address has one form', () => {
  for (const given of ['https://Daypass.Example.com/', 'https://daypass.example.com:443']) {
    expect(normalAddress(given)).toBe('https://daypass.example.com');
  }
  expect(normalAddress('https://example.com/daypass/')).toBe('https://example.com/daypass');
  for (const own of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
    expect(normalAddress(own)).toBe(own);
});

it.each([
  ['denied', 'sessions denied on the role'],
  ['no-session', 'there was no session'],
  ['sessions-expired', 'its sessions had expired'],
  ['role-gone', 'the role is gone'],
] as const)('an end that was verified says when and how: %s', (how, words) => {
  const end = { reason: 'done' as const, at: '2026-11-22T09:57:00.000Z' };
  const said = standing({ ...pending, status: 'ended', end, verifiedAt: '2026-11-22T09:58:00.000Z', how }, nowMs);
  expect(said).toMatch(/^ended 3 min ago/);
  expect(said).toContain(words);
  expect(said).toMatch(/verified 2 min ago/);
});

it('a revocation that fails says since when, that it goes on, and what to do', () => {
  const revocationFailure = { since: '2026-11-22T09:57:00.000Z', attempts: 2, error: 'RoleUnavailable' };
  const said = standing({ ...pending, status: 'ending', revocationFailure }, nowMs);
  expect(said).toMatch(/revocation failed since 3 min ago .*still trying.*Revoke sessions/);
  expect(standing({ ...pending, status: 'ending' }, nowMs)).toBe('over; its sessions are being revoked');
});
