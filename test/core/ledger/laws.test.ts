import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denyDocument, digestOf, fits, holdsOurDeny, inlinePolicyBudget, onlyDenies } from '#core/ledger/document.ts';
import {
  emptyLedger,
  everyOneDeniedBefore,
  type Ledger,
  type LedgerEntry,
  pruned,
  withEntries,
  withLess,
  withWatermark,
} from '#core/ledger/ledger.ts';
import { afterWrite, waitMs } from '#core/ledger/pace.ts';
import { toContext } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

/** STS's longest session of a Lambda's AssumeRole, and the skew that a ledger allows for. */
const hourMs = 3_600_000;

/** `person` is the source identity. */
type Session = { grant: string; person: string; issuedMs: number; expiresMs: number };

/** Whether AWS refuses this session, by an evaluator that is not the ledger's. */
const denied = (document: string | undefined, { grant, person, issuedMs }: Session): boolean => {
  if (document === undefined) return false;
  const context = toContext({
    'aws:PrincipalTag/daypass:grant': grant,
    // Whole seconds, as AWS has it.
    'aws:TokenIssueTime': `${iso(issuedMs).slice(0, 19)}Z`,
    'aws:userid': `AROAEXAMPLE:${grant}`,
    'aws:SourceIdentity': person,
  });
  const ask = { action: 'dynamodb:GetItem', resource: 'arn:aws:dynamodb:us-east-1:222222222222:table/Orders', context };
  return evaluate([parsePolicy(document, 'identity')], ask) === 'explicit-deny';
};

/** What the console's button writes, or an operator who copies it. */
const theirs = {
  Effect: 'Deny',
  Action: ['*'],
  Resource: ['*'],
  Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T09:59:59Z' } },
};

/**
 * A role with its ledger, as the use cases move it: only the newest document stands, and grants mint as
 * `mint-credentials` lets them. AWS's clock is so far ahead of ours.
 */
const roleIn = (budget: number, aheadMs: number) => {
  let nowMs = startMs;
  let ledger: Ledger = emptyLedger(roleArn);
  let document: string | undefined = JSON.stringify({ Version: '2012-10-17', Statement: [theirs] });
  const sessions: Session[] = [];
  const revokedAt = new Map<string, number>();
  const write = (): void => {
    ledger = pruned(ledger, nowMs);
    while (ledger.entries.length > 0 && !fits(ledger, document, budget)) ledger = withLess(ledger);
    document = denyDocument(ledger, document, budget);
  };
  return {
    mint: (grant: string): void => {
      if (revokedAt.has(grant)) return;
      const issuedMs = Math.floor((nowMs + aheadMs) / 1000) * 1000;
      const before = everyOneDeniedBefore(ledger, personOf(grant));
      if (before !== '' && issuedMs < Date.parse(before)) return;
      sessions.push({ grant, person: personOf(grant), issuedMs, expiresMs: issuedMs + hourMs });
      // The next mint of a live grant is never dead.
      expect(denied(document, sessions.at(-1) as Session)).toBe(false);
    },
    revoke: (grant: string): void => {
      if (revokedAt.has(grant)) return;
      revokedAt.set(grant, nowMs);
      const own = sessions.filter((session) => session.grant === grant);
      const coversUntil = iso(Math.max(nowMs, ...sessions.map((session) => session.expiresMs)));
      const lastIssuedAt =
        own.length === 0 ? {} : { lastIssuedAt: iso(Math.max(...own.map(({ issuedMs }) => issuedMs))) };
      ledger = withEntries(
        ledger,
        [{ grantId: grant, personId: personOf(grant), revokedAt: iso(nowMs), coversUntil, ...lastIssuedAt }],
        nowMs,
      );
      write();
    },
    panic: (): void => {
      const watermark = { revokedAt: iso(nowMs), coversUntil: iso(nowMs + hourMs) };
      ledger = withWatermark(ledger, { ...watermark, cause: { kind: 'panic', by: 'bob' } }, nowMs);
      write();
    },
    turn: (ms: number): void => {
      nowMs += ms;
    },
    sweep: write,
    check: (): void => {
      expect((document ?? '').length).toBeLessThanOrEqual(budget);
      expect(document).toContain('2026-11-22T09:59:59Z');
      for (const session of sessions.filter(({ expiresMs }) => expiresMs > nowMs + aheadMs)) {
        const out = denied(document, session);
        if (revokedAt.has(session.grant)) expect(out).toBe(true);
        else if (out)
          expect(session.issuedMs).toBeLessThan(Date.parse(everyOneDeniedBefore(ledger, session.person) || '1970'));
      }
    },
  };
};

/** Half of the grants are Mallory's; the others have a few each. */
const personOf = (grantId: string): string => {
  const index = Number(grantId.slice(6));
  return index % 2 === 0 ? 'mallory' : `person-${index % 7}`;
};
const grants = Array.from({ length: 30 }, (_, index) => `01JD8Q${String(index).padStart(20, '0')}`);
const grant = fc.constantFrom(...grants);
type Step = (role: ReturnType<typeof roleIn>) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: grant.map(
      (id): Step =>
        (role) =>
          role.mint(id),
    ),
  },
  {
    weight: 4,
    arbitrary: grant.map(
      (id): Step =>
        (role) =>
          role.revoke(id),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((role) => role.panic()) },
  { weight: 2, arbitrary: fc.constant<Step>((role) => role.sweep()) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 40_000 }).map(
      (ms): Step =>
        (role) =>
          role.turn(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 90 }).map(
      (min): Step =>
        (role) =>
          role.turn(min * 60_000),
    ),
  },
);

describe('the ledger and its document, by an evaluator of their own', () => {
  it('case 55, 56: whatever happens on a role, what is revoked is denied, what lives is not except under a watermark, and the document fits', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(560, 900, 2_000, 10_240), (steps, budget) => {
        const role = roleIn(budget, 0);
        for (const each of steps) {
          each(role);
          role.check();
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('case 50: that is so too where AWS’s clock is up to 5 minutes ahead of ours', () => {
    const ahead = fc.integer({ min: 0, max: 300_000 });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80, size: 'max' }),
        fc.constantFrom(560, 2_000),
        ahead,
        (steps, budget, aheadMs) => {
          const role = roleIn(budget, aheadMs);
          for (const each of steps) {
            each(role);
            role.check();
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('case 54: ending one of two grants of one person on one role leaves the other’s credentials alone', () => {
    const [ended = '', other = ''] = grants;
    const entry = { grantId: ended, revokedAt: iso(startMs), coversUntil: iso(startMs + hourMs) };
    const document = denyDocument(withEntries(emptyLedger(roleArn), [entry], startMs), undefined);
    const session = (grantId: string) => ({
      grant: grantId,
      person: personOf(grantId),
      issuedMs: startMs - 1_000,
      expiresMs: startMs + hourMs,
    });
    expect(denied(document, session(ended))).toBe(true);
    expect(denied(document, session(other))).toBe(false);
  });
});

const entryOf = (index: number): LedgerEntry => ({
  grantId: `01JD8Q${String(index).padStart(20, '0')}`,
  revokedAt: iso(startMs + index),
  coversUntil: iso(startMs + hourMs),
});
const ledgerOf = (count: number): Ledger =>
  Array.from({ length: count }, (_, index) => entryOf(index)).reduce(
    (ledger, entry) => withEntries(ledger, [entry], startMs),
    emptyLedger(roleArn),
  );

describe('a ledger that runs over', () => {
  it.each([1, 52, 53, 54, 347, 348, 349])('case 56: of %i grants fits, and denies every one of them', (count) => {
    let ledger = ledgerOf(count);
    while (!fits(ledger, undefined, inlinePolicyBudget)) ledger = withLess(ledger);
    const document = denyDocument(ledger, undefined);
    expect(document?.length).toBeLessThanOrEqual(inlinePolicyBudget);
    for (let index = 0; index < count; index++) {
      const { grantId } = entryOf(index) as { grantId: string };
      expect(
        denied(document, {
          grant: grantId,
          person: personOf(grantId),
          issuedMs: startMs - 1_000,
          expiresMs: startMs + hourMs,
        }),
      ).toBe(true);
    }
    // The bound of one policy: below it nobody else is touched.
    expect(ledger.watermark === undefined).toBe(count < 347);
  });

  it('says why, and a person’s reason stands before the lack of room', () => {
    const { watermark } = withLess(ledgerOf(10));
    expect(watermark?.cause).toEqual({ kind: 'overflow' });
    const panicked = withWatermark(
      ledgerOf(10),
      { revokedAt: iso(startMs), coversUntil: iso(startMs + hourMs), cause: { kind: 'panic', by: 'bob' } },
      startMs,
    );
    expect(withLess(panicked).watermark?.cause).toEqual({ kind: 'panic', by: 'bob' });
  });

  it('never moves its watermark back', () => {
    const late = { revokedAt: iso(startMs + 60_000), coversUntil: iso(startMs + hourMs) };
    const early = { revokedAt: iso(startMs), coversUntil: iso(startMs + 1_000) };
    const { watermark } = withWatermark(withWatermark(emptyLedger(roleArn), late, startMs), early, startMs);
    expect(watermark).toMatchObject(late);
  });

  it('of an earlier version, whose watermark has no cause, is read as one that ran over', () => {
    const stored = { ...ledgerOf(2), watermark: { revokedAt: iso(startMs), coversUntil: iso(startMs + hourMs) } };
    expect(withLess(stored).watermark?.cause).toEqual({ kind: 'overflow' });
    expect(pruned(stored, startMs)).toBe(stored);
  });
});

/** One person's entry: the index-th of theirs, a minute after the one before. */
const entryFor = (personId: string, index: number): LedgerEntry => ({
  grantId: `${personId}-${String(index).padStart(26 - personId.length, '0')}`,
  personId,
  revokedAt: iso(startMs + index * 1_000),
  coversUntil: iso(startMs + hourMs + index * 1_000),
  lastIssuedAt: iso(startMs + index * 1_000 - 1_000),
});
const written = (entries: readonly LedgerEntry[], budget = inlinePolicyBudget) => {
  const nowMs = startMs + 600_000;
  let ledger = emptyLedger(roleArn);
  let document: string | undefined;
  for (const entry of entries) {
    ledger = withEntries(ledger, [entry], nowMs);
    while (!fits(ledger, document, budget)) ledger = withLess(ledger);
    document = denyDocument(ledger, document, budget);
  }
  const works = (person: string, grant: string, issuedMs: number): boolean =>
    !denied(document, { grant, person, issuedMs, expiresMs: nowMs + hourMs });
  const allDenied = entries.every(
    (entry) =>
      'grantId' in entry &&
      !works(entry.personId ?? '', entry.grantId, Date.parse(entry.lastIssuedAt ?? entry.revokedAt)),
  );
  return { ledger, document: document ?? '', works, allDenied };
};

describe('a ledger that one person makes run over', () => {
  it('with 420 quick grants ends no session of anybody else, and denies every one of theirs', () => {
    const loops = Array.from({ length: 420 }, (_, index) => entryFor('mallory', index));
    const carols = [entryFor('carol', 1), entryFor('carol', 2)];
    const { ledger, works, allDenied, document } = written([...carols, ...loops]);
    expect(document.length).toBeLessThanOrEqual(10_240);
    expect(allDenied).toBe(true);
    expect(ledger.watermark).toBeUndefined();
    // Bob's has been there since before the first of them, and so has Carol's third.
    expect(works('bob', '01JD8QBOB00000000000000000', startMs - 3_000_000)).toBe(true);
    expect(works('carol', '01JD8QCAROL000000000000000', startMs - 3_000_000)).toBe(true);
    // Mallory's own live grant mints again.
    expect(works('mallory', '01JD8QMALLORY0000000000000', startMs)).toBe(false);
    expect(works('mallory', '01JD8QMALLORY0000000000000', startMs + 600_000)).toBe(true);
    expect(ledger.entries).toContainEqual(expect.objectContaining({ everyOf: 'mallory' }));
    expect(ledger.entries).toEqual(expect.arrayContaining(carols));
  });

  it('takes first what ends soonest of the one who has the most', () => {
    const entries = [
      ...Array.from({ length: 12 }, (_, index) => entryFor('bob', index)),
      ...Array.from({ length: 20 }, (_, index) => entryFor('mallory', index)),
    ];
    const { entries: left } = withLess({ ...emptyLedger(roleArn), entries });
    const ofGrants = (personId: string) => left.filter((entry) => 'grantId' in entry && entry.personId === personId);
    expect(ofGrants('bob')).toHaveLength(12);
    expect(ofGrants('mallory')).toEqual(entries.slice(22));
    expect(left.at(-1)).toEqual({
      everyOf: 'mallory',
      revokedAt: '2026-11-22T10:00:09.000Z',
      coversUntil: '2026-11-22T11:00:09.000Z',
      lastIssuedAt: '2026-11-22T10:00:08.000Z',
    });
  });

  it('of many people with a few each denies those people alone, in one statement; nobody who has none', () => {
    const entries = Array.from({ length: 500 }, (_, index) => entryFor(`p${Math.floor(index / 4)}`, index));
    const { ledger, works, allDenied } = written(entries);
    expect(allDenied).toBe(true);
    expect(ledger.watermark).toBeUndefined();
    expect(works('bob', '01JD8QBOB00000000000000000', startMs - 3_000_000)).toBe(true);
  });

  it('revokes the whole role only where each has one and they truly do not fit', () => {
    const entries = Array.from({ length: 400 }, (_, index) => entryFor(`person-number-${index}`, index));
    const { ledger, allDenied } = written(entries);
    expect(allDenied).toBe(true);
    expect(ledger.watermark?.cause).toEqual({ kind: 'overflow' });
    // What an earlier version wrote names no person.
    expect(withLess(ledgerOf(10)).watermark).toBeDefined();
  });

  it('denies sessions without a grant in one statement before it touches anybody', () => {
    const strange = Array.from({ length: 60 }, (_, index) => ({
      userId: `AROAEXAMPLE00000000000:session-${index}`,
      revokedAt: iso(startMs + index * 1_000),
      coversUntil: iso(startMs + hourMs),
    }));
    const { ledger, document } = written([...strange, entryFor('alice', 1)].reverse());
    expect(ledger.watermark).toBeUndefined();
    expect(ledger.entries).toHaveLength(61);
    const { Statement } = JSON.parse(document) as {
      Statement: { Condition: Record<string, Record<string, unknown>> }[];
    };
    const ids = Statement.flatMap(({ Condition }) => Condition.StringEquals?.['aws:userid'] ?? []);
    expect(ids).toHaveLength(60);
    for (const { Condition } of Statement.filter((each) => each.Condition.StringEquals?.['aws:userid'])) {
      expect(String(Condition.DateLessThan?.['aws:TokenIssueTime']) >= '2026-11-22T10:00:30.000Z').toBe(true);
    }
  });
});

describe('a ledger whose credentials are all dead', () => {
  const dead = pruned(ledgerOf(3), startMs + hourMs + 5 * 60_000);

  it('denies nobody, and says so in place of the old document, which the revoker may not delete', () => {
    const before = denyDocument(ledgerOf(3), undefined);
    const after = denyDocument(dead, before);
    expect(holdsOurDeny(before)).toBe(true);
    expect(holdsOurDeny(after)).toBe(false);
    expect(denied(after, { grant: grants[0] ?? '', person: 'mallory', issuedMs: startMs, expiresMs: startMs })).toBe(
      false,
    );
    expect(denyDocument(dead, after)).toBe(after);
    expect(parsePolicy(after ?? '', 'identity').statements).toHaveLength(1);
  });

  it('leaves the denials of others alone, and a role without any policy too', () => {
    const both = denyDocument(ledgerOf(3), JSON.stringify({ Version: '2012-10-17', Statement: theirs })) ?? '';
    expect(JSON.parse(denyDocument(dead, both) ?? '')).toEqual({ Version: '2012-10-17', Statement: [theirs] });
    expect(denyDocument(dead, undefined)).toBeUndefined();
  });
});

it('the digest of a document is that of what it says', () => {
  expect(digestOf('{"a":1,"b":[2]}')).toBe(digestOf('{ "b": [2], "a": 1 }'));
  expect(digestOf('{"a":1}')).not.toBe(digestOf('{"a":2}'));
  expect(digestOf(undefined)).not.toBe(digestOf('{}'));
});

it.each([
  ['{"Statement":[{"Effect":"Deny"}]}', true],
  ['{"Statement":{"Effect":"Deny"}}', true],
  ['{}', true],
  ['{"Statement":[{"Effect":"Deny"},{"Effect":"Allow"}]}', false],
  ['{"Statement":[{}]}', false],
  ['not a policy', false],
  ['null', false],
])('%s has denials alone: %s', (document, expected) => {
  expect(onlyDenies(document)).toBe(expected);
});

describe('the pace of writing to a role', () => {
  it('lets five writes through at once, then one a second, whatever the order of calls', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 60 }), (gaps) => {
        let nowMs = startMs;
        let pace: ReturnType<typeof afterWrite> | undefined;
        gaps.forEach((gap, index) => {
          nowMs += gap;
          nowMs += waitMs(pace, nowMs);
          pace = afterWrite(pace, nowMs);
          expect(index + 1).toBeLessThanOrEqual(5 + (nowMs - startMs) / 1_000 + 1e-6);
        });
      }),
    );
  });

  it('never makes anybody wait for longer than a second, also where the clocks differ', () => {
    expect(waitMs({ level: 5, atMs: startMs + hourMs }, startMs)).toBe(1_000);
    expect(waitMs({ level: 500, atMs: startMs }, startMs)).toBe(1_000);
    expect(waitMs(undefined, startMs)).toBe(0);
  });
});
