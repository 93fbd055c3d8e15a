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

/**
 * What belongs to one medium: whoever shows a text words it, since Slack, the CLI and the API all read the same ones.
 */
const spoken: readonly [string, RegExp][] = [
  ['a command of Slack', /\/access\b/],
  ['a command of the CLI', /\bdaypass [a-z]/],
  ['a call of the API', /\/v1\//],
  ['a mention', /<[@#!]/],
  ['an emoji', /(?<![\w:]):[a-z_]+:(?![\w:*$])/],
  ['bold', /(?<![\w*])\*\w[^*\n]*\w\*(?![\w*])/],
  ['a button or a card', /\b[Pp]ress [A-Z]|\b[Cc]lick\b|\b(?:its|the) card\b/],
];

/**
 * Each detection holds its entry of the runbook: a page of Markdown for who runs Daypass, at a shell and before the
 * alert.
 */
const isForTheRunbook = (file: string, what: string): boolean =>
  file.startsWith('core/detection/') && ['a command of the CLI', 'bold', 'a button or a card'].includes(what);

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*/g, '$1');

it.each(spoken)('no text of the domain holds %s', (what, pattern) => {
  const found = ['core', 'events', 'ports', 'usecases'].flatMap(sourcesOf).flatMap(({ file, text }) =>
    withoutComments(text)
      .split('\n')
      .filter((line) => pattern.test(line) && !isForTheRunbook(file, what))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it.each([
  ['a command of Slack', 'Ask again with /access orders-admin.'],
  ['a command of the CLI', 'Run `daypass login`.'],
  ['a call of the API', 'GET /v1/requests lists yours.'],
  ['a mention', 'Ask <@U0BOB> to answer it.'],
  ['an emoji', 'Done :tada:'],
  ['bold', 'It is *locked down*.'],
  ['a button or a card', 'Press Revoke on its card to end it.'],
])('%s is recognised: %s', (what, text) => {
  expect(spoken.filter(([, pattern]) => pattern.test(text)).map(([name]) => name)).toEqual([what]);
});
