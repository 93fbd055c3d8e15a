import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oneLine, sentencesOf, soundsLikeAPromise } from './sentences.ts';
import { titlesIn } from './titles.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** A row of `docs/promises.md`: what is said between “ and ”, and what stands behind it. */
type Row = { text: string; said: string; behind: string };

const rowsOf = (section: string): Omit<Row, 'text'>[] =>
  [...section.matchAll(/^\| “(.+?)” \| (.+) \|$/gm)].map(([, said = '', behind = '']) => ({
    said: said.replaceAll(String.raw`\|`, '|'),
    behind,
  }));

/** Each with a heading for each text: `### ` and its path in backticks. */
const chapters = read('docs/promises.md').split(/^## /m);

const chapter = (heading: string): Row[] =>
  (chapters.find((part) => part.startsWith(`${heading}\n`)) ?? '').split(/^### /m).flatMap((part) => {
    const [, text = ''] = /^`([^`]+)`/.exec(part) ?? [];
    return rowsOf(part).map((row) => ({ text, ...row }));
  });

const promised = chapter('Promises and their tests');
const noPromises = chapter('No promises');
const ofOthers = chapter('Promised by AWS or Slack, not by us');

const cited = ({ behind }: Row): { file: string; name: string }[] =>
  [...behind.matchAll(/`(test\/[^`]+\.test\.ts)` \((\*[^*]+\*(?:, \*[^*]+\*)*)\)/g)].flatMap(
    ([, file = '', names = '']) => [...names.matchAll(/\*([^*]+)\*/g)].map(([, name = '']) => ({ file, name })),
  );

const titles = new Map<string, readonly string[]>();
const has = (file: string, name: string): boolean => {
  if (!existsSync(join(root, file))) return false;
  const known = titles.get(file) ?? titlesIn(file, read(file)).map(oneLine);
  titles.set(file, known);
  return known.includes(name);
};

/** The sentences that sound like a promise and stand neither among the promises nor among what is none. */
const unlisted = (text: string, page: string): string[] => {
  const listed = [...promised, ...noPromises, ...ofOthers].filter((row) => row.text === text);
  return sentencesOf(page)
    .filter(soundsLikeAPromise)
    .filter((sentence) => !listed.some(({ said }) => sentence.includes(said) || said.includes(sentence)));
};

/** Each of their sentences that sounds like a promise is listed: of the threat model, those beside no test. */
const scanned = [
  ['README.md', read('README.md')],
  ['SECURITY.md', read('SECURITY.md')],
  ['docs/threat-model.md', read('docs/threat-model.md').split('## Boundaries of trust\n')[1]?.split('\n## ')[0] ?? ''],
] as const;

describe('docs/promises.md', () => {
  it('quotes what its texts say, word for word', () => {
    const rows = [...promised, ...noPromises, ...ofOthers];
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter(({ text, said }) => !oneLine(read(text)).includes(said))).toEqual([]);
  });

  it('names for each promise at least one test, by the name that it has', () => {
    expect(promised.filter((row) => cited(row).length === 0)).toEqual([]);
    expect(promised.flatMap(cited).filter(({ file, name }) => !has(file, name))).toEqual([]);
  });

  it('leaves nothing that stands behind a promise unread', () => {
    const left = promised.map(({ behind }) =>
      behind.replaceAll(/`test\/[^`]+\.test\.ts` \(\*[^*]+\*(?:, \*[^*]+\*)*\)/g, '').replaceAll(/[,;\s]/g, ''),
    );
    expect(left.filter((rest) => rest !== '')).toEqual([]);
    const rows = read('docs/promises.md').match(/^\| .*“/gm) ?? [];
    expect(rows).toHaveLength(promised.length + noPromises.length + ofOthers.length);
  });

  it.each(scanned)('lists every sentence of %s that sounds like a promise', (text, page) => {
    expect(sentencesOf(page).filter(soundsLikeAPromise).length).toBeGreaterThan(2);
    expect(unlisted(text, page)).toEqual([]);
  });

  it('misses no sentence that somebody adds', () => {
    const added = 'Daypass never forgets a birthday.';
    expect(unlisted('README.md', `${read('README.md')}\n${added}\n`)).toEqual([added]);
    expect(unlisted('README.md', `${read('README.md')}\n- **Cakes rise.** They do.\n`)).toEqual(['- **Cakes rise.**']);
  });

  it('gives a source for what AWS or Slack promise', () => {
    expect(ofOthers.filter(({ behind }) => !/\]\(https:\/\/[^)]+\)/.test(behind))).toEqual([]);
  });
});

describe('the names of a file’s tests', () => {
  it('are those of tests that have to pass', () => {
    const file = `it('a', f); it.each([1])('b %i', f); test("c", f); it.skip('d', f); describe('e', () => { it('f', g); });
      it.fails('g', f); it.todo('h'); say('i', f)`;
    expect(titlesIn('x.ts', file)).toEqual(['a', 'b %i', 'c', 'f']);
  });
});
