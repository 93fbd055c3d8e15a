import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

const sourcesOf = (folder: string): { file: string; text: string }[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') }));

/** Packages, of Node too: neither `#…` nor a path. */
const packagesIn = (text: string): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport\(?|\brequire\()\s*['"]([^'"#.][^'"]*)['"]/g)].map(([, name]) => name ?? '');

/** Every package that the domain knows. None is a vendor's: no chat, no AWS. */
const known: Readonly<Record<string, readonly string[]>> = {
  core: ['node:crypto', 'yaml', 'zod/mini'],
  events: ['zod/mini'],
  ports: [],
  usecases: [],
};

it.each(Object.keys(known))('%s knows no vendor', (folder) => {
  const used = sourcesOf(folder).flatMap(({ file, text }) =>
    packagesIn(text)
      .filter((name) => !known[folder]?.includes(name))
      .map((name) => `${file} imports ${name}`),
  );
  expect(used).toEqual([]);
});

it('Slack is known to its own room, its adapter and the workspace that stands in for it, and to nothing else', () => {
  const folders = ['adapters', 'bench', 'cli', 'deploy', 'functions', 'local', 'scripts', 'slack', 'web'];
  const users = folders
    .flatMap(sourcesOf)
    .filter(({ text }) => packagesIn(text).some((name) => name.startsWith('@slack/')))
    .map(({ file }) =>
      file
        .split('/')
        .slice(0, file.startsWith('slack/') ? 1 : 2)
        .join('/'),
    );
  expect([...new Set(users)].sort()).toEqual(['adapters/slack', 'local/workspace', 'slack', 'web/workspace']);
});
