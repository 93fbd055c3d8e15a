import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aliveAt,
  coveredUntil,
  lastExpiry,
  lastIssue,
  type MintedSoFar,
  mintableInSec,
  mintedOf,
  wasMintedBefore,
  withIntent,
  withResult,
} from '#core/grant/minted.ts';
import type { EmbeddedSession } from '#core/grant/session.ts';
import { clockSkewMs } from '#core/instant.ts';

/** Intended by our clock at 10:03:00 for 19 minutes. */
const intended: EmbeddedSession = {
  mintId: 'mint-1',
  intendedAt: '2026-11-22T10:03:00.000Z',
  durationSec: 1_140,
  expiresBy: '2026-11-22T10:23:00.000Z',
};
const answered = (expiresAt: string, mintId = expiresAt): EmbeddedSession => ({
  ...intended,
  mintId,
  issued: { accessKeyId: 'ASIAEXAMPLE', expiresAt },
  expiresBy: expiresAt,
});
const atMs = (time: string): number => Date.parse(`2026-11-22T${time}Z`);

describe('when the last session of a grant was issued, by AWS’s clock', () => {
  it('is what STS’s answer says, whatever ours showed', () => {
    const minted = mintedOf([answered('2026-11-22T10:26:00.000Z'), answered('2026-11-22T10:22:00.000Z')]);
    expect(lastIssue(minted)).toEqual({ lastIssuedAt: '2026-11-22T10:07:00.000Z' });
  });

  it('is, without an answer, a minute after the intent, and five more since the clocks may differ', () => {
    expect(lastIssue(mintedOf([intended, answered('2026-11-22T10:22:00.000Z')]))).toEqual({
      lastIssuedAt: '2026-11-22T10:09:00.000Z',
    });
  });

  it('is not known of a grant without sessions, or with those of an earlier version', () => {
    const { durationSec: _, ...old } = answered('2026-11-22T10:22:00.000Z');
    expect(lastIssue(mintedOf([]))).toEqual({});
    expect(lastIssue(mintedOf([old]))).toEqual({});
  });
});

describe('what a grant keeps of its sessions', () => {
  it('is forgotten only when their credentials are dead by more than the clocks differ', () => {
    const one = mintedOf([answered('2026-11-22T10:18:00.000Z')]);
    const next = (intendedAt: string) =>
      withIntent(one, { mintId: 'mint-2', intendedAt, expiresBy: '2026-11-22T10:50:00.000Z' });
    expect(next('2026-11-22T10:22:59.999Z')).toMatchObject({ count: 2, batches: [{ count: 1 }] });
    expect(next('2026-11-22T10:23:00.000Z')).toMatchObject({ count: 2, batches: [] });
  });

  it('knows every role into which any of them may have gone on, and how long what the worst of them left can be used', () => {
    const next = (minted: MintedSoFar | undefined, reach: Parameters<typeof withIntent>[2]) =>
      withIntent(minted, { ...intended, mintId: `mint-${minted?.count ?? 0}` }, reach);
    const one = next(undefined, { into: ['b', 'c'], leavesForMs: 12 * 3_600_000 });
    const two = next(one, { into: ['c', 'd'], leavesForMs: 3_600_000 });
    const three = next(two, undefined);
    expect(three.reach).toEqual({ into: ['b', 'c', 'd'], leavesForMs: 12 * 3_600_000 });
    // The last session dies at 10:23.
    expect(coveredUntil(three)).toBe('2026-11-22T22:23:00.000Z');
    expect(coveredUntil(next(undefined, undefined))).toBe('2026-11-22T10:23:00.000Z');
    expect(next(undefined, undefined)).not.toHaveProperty('reach');
    expect(coveredUntil(undefined)).toBeUndefined();
  });

  it('says how many can be alive, and whether one is of a time before', () => {
    const minted = mintedOf([intended, answered('2026-11-22T10:31:00.000Z'), answered('2026-11-22T10:32:00.000Z')]);
    expect([aliveAt(minted, atMs('10:22:59')), aliveAt(minted, atMs('10:23:00'))]).toEqual([3, 2]);
    expect(aliveAt(minted, atMs('10:32:00'))).toBe(0);
    expect(aliveAt(undefined, 0)).toBe(0);
    expect(wasMintedBefore(minted, '2026-11-22T10:03:00.001Z', atMs('10:36:59'))).toBe(true);
    expect(wasMintedBefore(minted, '2026-11-22T10:03:00.000Z', atMs('10:36:59'))).toBe(false);
    expect(wasMintedBefore(minted, '2026-11-22T10:03:00.001Z', atMs('10:37:00'))).toBe(false);
  });

  it('is counted once, however often its result is recorded', () => {
    const once = mintedOf([answered('2026-11-22T10:22:00.000Z')]);
    expect(once && withResult(once, answered('2026-11-22T10:22:00.000Z'))).toEqual(once);
  });

  const second = fc.integer({ min: 0, max: 3 * 3600 });
  const mint = fc.record({
    afterSec: second,
    durationSec: fc.integer({ min: 900, max: 3600 }),
    /** How long STS takes, and how far its clock is from ours; undefined where no answer was recorded. */
    answer: fc.option(fc.integer({ min: -300_000, max: 360_000 }), { nil: undefined }),
  });

  it('stays small, and covers what a list of all of them would', () => {
    fc.assert(
      fc.property(fc.array(mint, { maxLength: 200 }), fc.nat(40), (mints, late) => {
        const startMs = atMs('10:00:00');
        const iso = (ms: number): string => new Date(ms).toISOString();
        const waiting: EmbeddedSession[] = [];
        let minted: MintedSoFar | undefined;
        let all: EmbeddedSession[] = [];
        const record = (session: EmbeddedSession): void => {
          if (!session.issued || !minted) return;
          minted = withResult(minted, session);
          all = all.map((each) => (each.mintId === session.mintId ? session : each));
        };
        for (const [index, { afterSec, durationSec, answer }] of mints
          .sort((a, b) => a.afterSec - b.afterSec)
          .entries()) {
          const ms = startMs + afterSec * 1000;
          const session = {
            mintId: `mint-${index}`,
            intendedAt: iso(ms),
            durationSec,
            expiresBy: iso(ms + (durationSec + 60) * 1000),
          };
          all = [...all.filter(({ expiresBy }) => Date.parse(expiresBy) + clockSkewMs > ms), session];
          minted = withIntent(minted, session);
          if (answer !== undefined) {
            const expiresAt = iso(ms + answer + durationSec * 1000);
            waiting.push({ ...session, expiresBy: expiresAt, issued: { accessKeyId: 'ASIAEXAMPLE', expiresAt } });
          }
          // Results come late, and after others.
          if (waiting.length > late) record(waiting.shift() ?? session);
        }
        for (const session of waiting) record(session);
        const newest = (instants: readonly string[]): string => [...instants].sort().at(-1) ?? '';
        const expiry = newest(all.map(({ expiresBy }) => expiresBy));
        const issue = newest(
          all.map(({ intendedAt, durationSec = 0, issued }) =>
            issued
              ? iso(Date.parse(issued.expiresAt) - durationSec * 1000)
              : iso(Date.parse(intendedAt) + 60_000 + clockSkewMs),
          ),
        );
        // As long as no more than twenty wait for their result, to the millisecond; else never less.
        const open = minted?.open.length ?? 0;
        if (late < 20 && mints.every(({ answer }) => answer !== undefined)) {
          expect([lastExpiry(minted) ?? '', lastIssue(minted).lastIssuedAt ?? '']).toEqual([expiry, issue]);
        }
        expect((lastExpiry(minted) ?? '') >= expiry).toBe(true);
        expect((lastIssue(minted).lastIssuedAt ?? '') >= issue).toBe(true);
        expect(minted?.count ?? 0).toBe(mints.length);
        expect(open).toBeLessThanOrEqual(20);
        expect(JSON.stringify(minted ?? {}).length).toBeLessThan(6_000);
      }),
      { numRuns: 300 },
    );
  });
});

it('one that STS answered by a clock ahead of ours is covered to its end, also where twenty later ones wait', () => {
  const long = { mintId: 'long', intendedAt: '2026-11-22T10:00:00.000Z', expiresBy: '2026-11-22T11:01:00.000Z' };
  const short = { intendedAt: '2026-11-22T10:00:01.000Z', expiresBy: '2026-11-22T10:16:01.000Z' };
  let minted: MintedSoFar | undefined = withIntent(undefined, long);
  for (let index = 0; index < 20; index++) minted = withIntent(minted, { ...short, mintId: `short-${index}` });
  const expiresAt = '2026-11-22T11:06:00.000Z';
  const issued = { accessKeyId: 'ASIAEXAMPLE', expiresAt };
  minted = withResult(minted, { ...long, durationSec: 3_600, expiresBy: expiresAt, issued });
  expect(lastExpiry(minted)).toBe(expiresAt);
  expect(lastIssue(minted)).toEqual({ lastIssuedAt: '2026-11-22T10:06:01.000Z' });
});

it('a grant has no bound of sessions, and of each minute it has one', () => {
  let minted: MintedSoFar | undefined;
  for (let index = 0; index < 300; index++) {
    const at = new Date(atMs('10:00:00') + index * 1_000).toISOString();
    expect(mintableInSec(minted, Date.parse(at))).toBe(0);
    minted = withIntent(minted, { mintId: `mint-${index}`, intendedAt: at, expiresBy: '2026-11-22T10:30:00.000Z' });
  }
  expect(minted?.count).toBe(300);
  let burst: MintedSoFar | undefined;
  for (let index = 0; index < 60; index++) {
    expect(mintableInSec(burst, atMs('10:00:00'))).toBe(0);
    burst = withIntent(burst, { ...intended, mintId: `mint-${index}`, intendedAt: '2026-11-22T10:00:00.000Z' });
  }
  expect(mintableInSec(burst, atMs('10:00:00'))).toBe(60);
  expect(mintableInSec(burst, atMs('10:00:59.001'))).toBe(1);
  expect(mintableInSec(burst, atMs('10:01:00'))).toBe(0);
});
