import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');

/** A test file, and the names that stand behind it in italics: `test/x.test.ts` (*one*, *another*). */
const cited = [...page.matchAll(/`(test\/[^`]+\.test\.ts)` \((\*[^*]+\*(?:, \*[^*]+\*)*)\)/g)].flatMap(
  ([, file = '', names = '']) => [...names.matchAll(/\*([^*]+)\*/g)].map(([, name = '']) => ({ file, name })),
);

const section = (heading: string): string => page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

describe('docs/threat-model.md', () => {
  it('cites tests by the names that they have', () => {
    expect(cited.length).toBeGreaterThan(60);
    const wrong = cited.filter(({ file, name }) => !readFileSync(join(root, file), 'utf8').includes(name));
    expect(wrong).toEqual([]);
  });

  it('leaves no name in italics behind a test file unread', () => {
    const looksCited = [...page.matchAll(/`test\/[^`]+\.test\.ts` \(\*/g)];
    const files = [...page.matchAll(/`(test\/[^`]+\.test\.ts)` \(\*[^)]*\*\)/g)];
    expect(files).toHaveLength(looksCited.length);
  });

  it('says of each function once what it could do, and of none that there is not', () => {
    const rows = section('What Daypass could do if it were taken over').matchAll(/^\| (`[^|]+) \|/gm);
    const named = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(functions.map(({ name }) => name).sort());
  });

  it('counts the functions that may write requests as they are', () => {
    const writers = functions.filter(({ statements }) =>
      statements.some(
        ({ actions, leadingKeys }) => actions.includes('dynamodb:PutItem') && leadingKeys?.includes('REQUEST#*'),
      ),
    );
    expect(writers).toHaveLength(13);
    expect(page).toContain('thirteen functions may write `REQUEST#*`');
  });
});
