import { isBuiltin } from 'node:module';
import { expect, it } from 'vitest';
import { bundleCli } from '#adapters/bundled-cli.ts';

const text = await bundleCli();

it('the command line is one file of at most 400 KB: Lambda answers with 6 MB, and people wait for it', () => {
  expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect(Buffer.byteLength(text)).toBeGreaterThan(50_000);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(400_000);
});

it('it imports nothing but what Node itself has', () => {
  const imported = [...text.matchAll(/\bimport\s*(?:[\w$*{}\s,]+?from\s*)?\(?\s*"([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
  expect(imported).toContain('node:fs/promises');
  expect([...imported, ...required].filter((name) => !isBuiltin(name))).toEqual([]);
});

it('it is the same for the same sources, and names no folder of whoever made it', async () => {
  expect(await bundleCli()).toBe(text);
  expect(text).not.toContain(process.cwd());
});

it('it carries the licences of the packages whose code is in it', () => {
  for (const name of ['commander', '@clack/prompts']) expect(text).toMatch(new RegExp(`^${name}$`, 'm'));
  expect(text).toContain('The above copyright notice and this permission notice shall be');
});
