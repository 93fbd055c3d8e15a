import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '#core/request/audit.ts';
import { chain, firstBreak } from '#core/request/audit-chain.ts';

const chainOf = (facts: readonly string[]): AuditEntry[] => {
  const entries: AuditEntry[] = [];
  for (const [index, fact] of facts.entries()) {
    entries.push(
      chain(entries.at(-1)?.hash ?? '', {
        requestId: 'r1',
        seq: index + 1,
        at: '2026-11-22T10:00:00.000Z',
        actor: 'bob',
        fact,
        detail: {},
      }),
    );
  }
  return entries;
};

const facts = fc.array(fc.string(), { minLength: 2, maxLength: 6 });

describe('the audit chain', () => {
  it('is whole as it was written', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const entries = chainOf(given);
        expect(firstBreak(entries, entries.at(-1)?.hash ?? '')).toBeUndefined();
      }),
    );
  });

  it('shows the first entry that was changed, left out or added', () => {
    fc.assert(
      fc.property(facts, fc.nat(), (given, pick) => {
        const entries = chainOf(given);
        const head = entries.at(-1)?.hash ?? '';
        const index = pick % entries.length;
        const edited = entries.map((entry, at) => (at === index ? { ...entry, actor: 'mallory' } : entry));
        const without = entries.filter((_, at) => at !== index);
        expect(firstBreak(edited, head)).toBe(index + 1);
        expect(firstBreak(without, head)).toBe(index + 1);
        expect(firstBreak([...entries, ...chainOf(['forged'])], head)).toBe(entries.length + 1);
      }),
    );
  });

  it('does not depend on the order in which members were written down', () => {
    const fact = { requestId: 'r1', seq: 1, at: '2026-11-22T10:00:00.000Z', actor: 'bob', fact: 'vote.cast' };
    expect(chain('', { ...fact, detail: { a: 1, b: 2 } }).hash).toBe(
      chain('', { detail: { b: 2, a: 1 }, ...fact }).hash,
    );
  });
});
