import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What may go wrong with a grant: 37 to 50 while it is given, 51 to 66 while it ends or is extended. */
const cases = Array.from({ length: 30 }, (_, index) => 37 + index);

/** A test that is expected to fail, or does not run, shows nothing. */
const showsNothing = /\.(?:fails|skip|todo)(?:\.each\([^)]*\))?\(\s*(['"`])cases? [^\n]*/g;

/** `case 47: …`, `cases 55 and 57: …`, `case 62, 63: …`, at the beginning of a name. */
const named = /['"`]cases? (\d+(?:(?:, | and )\d+)*):/g;

/** The cases that the names of a test file's tests begin with. */
const casesIn = (source: string): number[] =>
  [...source.replace(showsNothing, '').matchAll(named)].flatMap(([, numbers = '']) =>
    numbers.split(/, | and /).map(Number),
  );

it('each of cases 37 to 66 is in the name of a test', () => {
  const files = globSync('test/**/*.test.ts', { cwd: root }).filter((file) => !file.startsWith('test/docs/'));
  const shown = new Set(files.flatMap((file) => casesIn(readFileSync(`${root}${file}`, 'utf8'))));
  expect(cases.filter((number) => !shown.has(number))).toEqual([]);
});

it('a name counts that begins with its cases, unless its test does not have to pass', () => {
  expect(casesIn(`it('case 47: a'); describe("cases 55 and 57: b"); it(\`case 62, 63: c\`)`)).toEqual([
    47, 55, 57, 62, 63,
  ]);
  expect(casesIn(`[[x, 'case 53: mint ‖ end']]`)).toEqual([53]);
  for (const mark of ['fails', 'skip', 'todo']) {
    expect(casesIn(`it.${mark}('case 47: a', () => {\n}); describe.${mark}(\n  'case 48: b',\n)`)).toEqual([]);
  }
  expect(casesIn('// case 47: see there\nconst text = "as in case 48"')).toEqual([]);
});
