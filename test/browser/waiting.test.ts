import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** What Playwright answers at once, whatever the page is about to show. */
const looksOnce =
  /\.(count|textContent|innerText|inputValue|isVisible|isHidden|isEnabled|isChecked|getAttribute|evaluate|allTextContents)\b\s*[(<]/;

/** The statements that look at a page once, instead of until what they expect is there. */
const impatient = (text: string): string[] =>
  text.split(';\n').filter((statement) => looksOnce.test(statement) && !/expect\s*\.poll\(/.test(statement));

it('every expectation of a page waits for it', () => {
  expect(impatient("expect(await page.locator('b').count()).toBe(0);\n")).toHaveLength(1);
  expect(impatient("const text = await page.locator('b').textContent();\nexpect(text).toBe('Ended');\n")).toHaveLength(
    1,
  );
  expect(impatient("await expect.poll(() => page.locator('b').count()).toBe(0);\n")).toEqual([]);

  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.test.ts') && file !== 'waiting.test.ts',
  );
  expect(files).toEqual(expect.arrayContaining(['loop.test.ts', 'workspace.test.ts']));
  const wrong = files.flatMap((file) => impatient(readFileSync(join(import.meta.dirname, file), 'utf8')));
  expect(wrong).toEqual([]);
});
