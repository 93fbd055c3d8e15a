import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, mostInstructions, type Program } from '#core/pattern/compile.ts';
import { search } from '#core/pattern/search.ts';

/** What was found, and where, by either of the two. */
const ours = (source: string, text: string) => {
  const chars = [...text];
  const found = search(compile(source), chars);
  return found && { at: found.from, text: chars.slice(found.from, found.to).join('') };
};
const theirs = (source: string, text: string) => {
  const found = new RegExp(source, 'u').exec(text);
  return found ? { at: [...text.slice(0, found.index)].length, text: found[0] } : undefined;
};

describe('a search', () => {
  it.each([
    ['[A-Z]{2,10}-\\d{1,8}', 'fix INC-42'],
    ['(?<![\\w-])[A-Z]+-\\d+(?![\\w-])', 'CVE-2024-3094, INC-7'],
    ['((?<!([A-Z]{1,10})-?)[A-Z]+-\\d+)', 'A-B-12 C-3'],
    ['(^|[\\s,(])([A-Z]+-[0-9]+)(?=$|[\\s,)])', 'see (INC-42)'],
    ['a|ab|abc', 'xabc'],
    ['(?:a|ab)(?:c|bcd)', 'abcd'],
    ['a+?b*?', 'aaabbb'],
    ['a{2,3}?', 'aaaa'],
    ['(?:a*)*b', 'aaab'],
    ['(?:a?){3}a{3}', 'aaa'],
    ['(?<=a(?=b)).', 'xab'],
    ['(?<=^|\\s)#\\d+', 'x#1 #22'],
    ['(?!a)\\w', 'aab'],
    ['(?i:inc)-\\d+', 'see Inc-7'],
    ['(?i:\\u{69}NC)-\\d+', 'see Inc-7'],
    ['\\p{Lu}+', 'aÄÖb'],
    ['[^a]', 'a𝒳'],
    ['.\\b.', '𝒳a-b'],
    ['^b', 'a\nb'],
    ['(?m:^b)', 'a\nb'],
    ['(?s:a.b)', 'a\nb'],
    ['a.b', 'a\nb'],
    ['\\ud83d\\ude00', 'x😀'],
    ['[\\]a]+', 'x]a'],
    ['\\x41\\u0042\\cI?\\0?\\/', 'AB/'],
  ])('of %s in %j finds what JavaScript finds', (source, text) => {
    expect(ours(source, text)).toEqual(theirs(source, text));
  });

  /** `odd`: it repeats what may be nothing. */
  type Part = { source: string; mayBeNothing: boolean; odd: boolean };
  const part = (source: string, mayBeNothing = false): Part => ({ source, mayBeNothing, odd: false });
  const grown = (inner: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
    fc.oneof(
      fc.tuple(inner, inner).map(([a, b]) => ({
        source: `${a.source}${b.source}`,
        mayBeNothing: a.mayBeNothing && b.mayBeNothing,
        odd: a.odd || b.odd,
      })),
      fc.tuple(inner, inner).map(([a, b]) => ({
        source: `(?:${a.source}|${b.source})`,
        mayBeNothing: a.mayBeNothing || b.mayBeNothing,
        odd: a.odd || b.odd,
      })),
      fc
        .tuple(inner, fc.constantFrom('*', '*?', '+', '+?', '?', '??', '{0,2}', '{1,2}', '{1,3}?', '{2}'))
        .map(([a, times]) => ({
          source: `(${a.source})${times}`,
          mayBeNothing: a.mayBeNothing || /^(?:[*?]|\{0)/.test(times),
          odd: a.odd || a.mayBeNothing,
        })),
      fc
        .tuple(inner, fc.constantFrom('?=', '?!', '?<=', '?<!'))
        .map(([a, look]) => ({ source: `(${look}${a.source})`, mayBeNothing: true, odd: a.odd })),
    );
  const leaf = fc.constantFrom(
    part('a'),
    part('b'),
    part('[ab]'),
    part('.'),
    part('\\d'),
    part('\\b', true),
    part('^', true),
    part('$', true),
  );
  const pattern = grown(
    fc.oneof({ weight: 2, arbitrary: leaf }, grown(fc.oneof({ weight: 3, arbitrary: leaf }, grown(leaf)))),
  );
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '-'), maxLength: 9 });

  it('finds what JavaScript finds, whatever the pattern and the text, and where it repeats nothing, as far', () => {
    fc.assert(
      fc.property(pattern, text, ({ source, odd }, typed) => {
        const [mine, other] = [ours(source, typed), theirs(source, typed)];
        expect({ source, at: mine?.at }).toEqual({ source, at: other?.at });
        if (!odd) expect({ source, found: mine }).toEqual({ source, found: other });
      }),
      { numRuns: 3_000 },
    );
  });

  /** How often a search looks at a character. */
  const looksOf = (program: Program, typed: string): number => {
    let looks = 0;
    const chars = new Proxy([...typed], {
      get: (target, member, self) => {
        if (typeof member === 'string' && /^\d+$/.test(member)) looks += 1;
        return Reflect.get(target, member, self);
      },
    });
    search(program, chars);
    return looks;
  };

  const partsOf = (program: Program): number =>
    program.reduce((sum, each) => sum + 1 + (each.op === 'look' ? partsOf(each.body) : 0), 0);

  it.each([
    '(a+)+b',
    '(a*)*b',
    '(?:a|a)*b',
    '(a|b|ab)+c',
    '(a?){30}a{30}b',
    '((a+)b?)+c',
    '\\u{61}*'.repeat(9).concat('b'),
    'a*'.repeat(50).concat('b'),
    '.*.*.*.*x',
    'a{1,400}a{1,400}x',
    '(?=.*.*.*x)a',
    '(?<=(a+)+)b',
    '(?<!(a|a)*b)(?!(a*)*c)a+c',
    '(?=(?=(?=.*x)a*x)a*x)a',
  ])('of %s in 500 letters looks no more often than its parts times the letters', (source) => {
    const program = compile(source);
    expect(partsOf(program)).toBeLessThanOrEqual(mostInstructions);
    for (const typed of ['a'.repeat(500), 'ab'.repeat(250), `${'a'.repeat(499)}!`]) {
      expect(looksOf(program, typed)).toBeLessThanOrEqual(3 * partsOf(program) * 501);
    }
  });
});
