import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesArn, matchesLike, parseTemplate } from '#local/aws/iam/match.ts';

const none = new Map<string, string[]>();

/** What `*` and `?` mean, said a second time and slowly. */
const slowMatch = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return slowMatch(pattern.slice(1), text) || (text !== '' && slowMatch(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && slowMatch(pattern.slice(1), text.slice(1));
};

describe('wildcards', () => {
  it('mean what their definition says', () => {
    const letters = (from: string) => fc.string({ unit: fc.constantFrom(...from), maxLength: 8 });
    fc.assert(
      fc.property(letters('ab*?'), letters('ab'), (pattern, text) => {
        expect(matchesLike(parseTemplate(pattern, true), text, none)).toBe(slowMatch(pattern, text));
      }),
      { numRuns: 5000 },
    );
  });

  it('are matched in time however they are piled up', () => {
    const pattern = parseTemplate(`${'*a'.repeat(500)}b`, true);
    expect(matchesLike(pattern, 'a'.repeat(5000), none)).toBe(false);
  });

  it('stay within a component of an ARN', () => {
    const matches = (pattern: string, arn: string) => matchesArn(parseTemplate(pattern, true), arn, none);
    expect(matches('arn:aws:iam::*:role/a', 'arn:aws:iam::1:x:role/a')).toBe(false);
    expect(matches('arn:aws:iam::1:role/*', 'arn:aws:iam::1:role/a/b:c')).toBe(true);
    expect(matches('*', 'anything at all')).toBe(true);
    expect(matches('arn:*:*:*:*:*', '*')).toBe(false);
  });
});

describe('a variable', () => {
  it('with several values stands for none of them', () => {
    const context = new Map([['aws:tagkeys', ['a', 'b']]]);
    expect(matchesLike(parseTemplate('${aws:TagKeys}', true), 'a', context)).toBe(false);
  });

  it('puts its value in as it is, whatever the value holds', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const context = new Map([['aws:userid', [value]]]);
        expect(matchesLike(parseTemplate('<${aws:userid}>', true), `<${value}>`, context)).toBe(true);
      }),
    );
  });
});
