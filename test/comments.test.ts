import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const longest = 120;

/** An address cannot be broken. */
const isTooLong = (line: string): boolean =>
  line.length > longest && /^\s*(\/\/|\/\*|\*)/.test(line) && !/^\s*(\/\/|\*) \S+$/.test(line);

it('no line of a comment is longer than a line of code may be', () => {
  expect(isTooLong(`  // ${'word '.repeat(30)}`)).toBe(true);
  expect(isTooLong(`  * https://example.com/${'x'.repeat(120)}`)).toBe(false);
  const root = join(import.meta.dirname, '..');
  const files = globSync('**/*.{ts,tsx,cjs}', { cwd: root, exclude: ['node_modules', 'dist', '.serverless'] });
  expect(files).toContain('core/policy/decide.ts');
  const wrong = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (isTooLong(line) ? [`${file}:${index + 1}`] : [])),
  );
  expect(wrong).toEqual([]);
});
