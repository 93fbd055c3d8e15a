import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readPolicy } from '#core/policy/read.ts';
import { changed, sampleText } from '#test/kit/policy.ts';

const problemsOf = (text: string) => {
  const read = readPolicy(text);
  return read.ok ? [] : read.problems;
};
const problemsAfter = (...changes: [string, string][]) =>
  problemsOf(changed(...changes)).map(({ path, message }) => `${path}: ${message}`);
const lineNumber = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

/** The sample as one line of JSON, which is YAML too. */
const asJson = JSON.stringify(parse(sampleText));

describe('a hostile file', () => {
  it.each(['', '   \n', '# nothing\n', 'null', '---\n'])('is told from a policy where it is empty: %j', (text) => {
    expect(problemsOf(text).map(({ message }) => message)).toEqual(['The file is empty.']);
  });

  it.each(['[]', '"x"', '42'])('is told from a policy where it is no section: %s', (text) => {
    expect(problemsOf(text).map(({ message }) => message)).toEqual(['This must be a section with keys of its own.']);
  });

  it('has no key twice, at any depth', () => {
    const text = changed(['    name: Bob\n', '    name: Bob\n    name: Robert\n']);
    expect(problemsOf(text)).toEqual([
      {
        path: 'name',
        line: lineNumber(text, 'name: Robert'),
        message: 'name is there twice.',
        hint: 'Remove one of them, or join the two.',
      },
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('has no key %s, also where names are free', (key) => {
    expect(problemsAfter(['  leads: [bob', `  ${key}: [dave]\n  leads: [bob`])).toContain(
      `${key}: ${key} cannot be a key.`,
    );
    expect(Object.hasOwn(Object.prototype, 'dave')).toBe(false);
  });

  it('does not blow up: nested anchors, deep nesting, deep keys, very many keys, much text', () => {
    const laughs = Array.from({ length: 10 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    ).join('\n');
    const tooMuch = 'The file is nested too deeply, or its aliases stand for too much.';
    expect(problemsOf(laughs).map(({ message }) => message)).toEqual([tooMuch]);
    expect(problemsOf('['.repeat(10_000)).map(({ message }) => message)).toEqual([tooMuch]);
    expect(problemsOf(`${'? '.repeat(5_000)}a`).map(({ message }) => message)).toEqual([tooMuch]);
    expect(problemsOf(Array.from({ length: 10_000 }, (_, index) => `k${index}:`).join('\n'))).toHaveLength(100);
    expect(problemsOf('x'.repeat(300_001)).map(({ message }) => message)).toEqual([
      'The file has more than 300000 characters.',
    ]);
  });

  const second = 'A second document begins here, or text follows the end of the first one; nobody would read it.';
  it.each([
    ['a second document that takes somebody out', '---\n# carol left\ngroups:\n  leads: [bob]\n', 1],
    ['an empty second document', '---\n', 1],
    ['text after the end of the document', '...\ngroups:\n  leads: [bob]\n', 2],
    ['a second document after the end of the first', '...\n---\ngroups:\n  leads: [bob]\n', 2],
    ['a second file with a beginning of its own', `\n---\n${sampleText}`, 2],
  ])('is refused for what comes after it, with the line: %s', (_, after, line) => {
    const lines = sampleText.split('\n').length - 1;
    expect(problemsOf(sampleText + after).map(({ message, line: at }) => [at, message])).toEqual([
      [lines + line, second],
    ]);
  });

  it('may begin with --- and end with ..., with comments after it', () => {
    expect(problemsOf(`\uFEFF# here\n---\n${sampleText}...\n# the end\n`)).toEqual([]);
    expect(problemsOf(sampleText.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it.each(['1.1', '1.2'])('does not say by a version of YAML how it is to be read: %s', (version) => {
    expect(problemsOf(`%YAML ${version}\n---\n${sampleText}`).map(({ message }) => message)).toEqual([
      'The file says by %YAML how it is to be read.',
    ]);
  });

  it.each([
    ['two JSON texts', `${asJson}\n${asJson}`],
    ['JSON and a word', `${asJson} x`],
    ['JSON with a key twice', asJson.replace('"groups":', '"groups":{},"groups":')],
  ])('that is JSON is read whole or not at all: %s', (_, text) => {
    expect(problemsOf(asJson)).toEqual([]);
    expect(problemsOf(text)).not.toEqual([]);
  });

  it.each([
    ['NUL', '\0', 'holds a control character (U+0000)'],
    ['an escape', '\u001b', 'holds a control character (U+001B)'],
    [
      'a line break of old',
      '\r',
      'that YAML does not take for one, so that a comment may go on where the eye sees a rule (U+000D)',
    ],
    ['a line separator', '\u2028', '(U+2028)'],
    ['a next line', '\u0085', '(U+0085)'],
    [
      'an override of direction',
      '\u202e',
      'turns the direction of writing, so that it reads in another order than it stands there (U+202E)',
    ],
    ['a byte order mark inside', '\uFEFF', 'a byte order mark that is not at the beginning of the file (U+FEFF)'],
    ['a byte that is no UTF-8', Buffer.from([0xff]).toString('utf8'), 'is not UTF-8 text (U+FFFD)'],
  ])('shows nobody other rules than it has, by %s in a comment', (_, sign, told) => {
    const text = changed(['  leads: [bob', `  # of old:${sign}  owners: [dave]\n  leads: [bob`]);
    expect(problemsOf(text)).toMatchObject([
      { line: lineNumber(text, '# of old'), message: expect.stringContaining(told) },
    ]);
  });

  it('cannot contain itself', () => {
    expect(problemsAfter(['leads: [bob, carol]', 'leads: &leads [bob, *leads]'])).not.toEqual([]);
  });

  it('is refused with its YAML problem and line, and no stack', () => {
    const problems = problemsOf(changed(['leads: [bob, carol]', 'leads: [bob, carol']));
    expect(problems[0]?.message).toMatch(/^This is not valid YAML: /);
    expect(JSON.stringify(problems)).not.toMatch(/\.ts:|\bat \w+ \(/);
    expect(problemsAfter(['approval: none', 'approval: !!js/function none'])[0]).toMatch(/Unresolved tag/);
  });

  it('never makes readPolicy throw, and is read or has a problem', () => {
    const holds = (text: string) => {
      const read = readPolicy(text);
      expect(read.ok ? read.policy.digest : read.problems.length > 0).toBeTruthy();
    };
    const yamlish = fc.string({ unit: fc.constantFrom(...'[]{}:-?&*!|>\'"%@`#,\n \tab_<0'), maxLength: 60 });
    const place = fc.nat(sampleText.length);
    const cut = fc
      .tuple(place, fc.nat(200), yamlish)
      .map(([at, length, put]) => sampleText.slice(0, at) + put + sampleText.slice(at + length));
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), yamlish, cut), holds), { numRuns: 500 });
  });

  it('with any values in place of the right ones is refused without throwing', () => {
    const keys = fc.constantFrom(
      'slack',
      'accounts',
      'people',
      'groups',
      'entitlements',
      'requests',
      'mayRevoke',
      'alerts',
      'approval',
      'x',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 5 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (json) => {
        expect(problemsOf(JSON.stringify(json))).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
