import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What people read before they trust the code. */
const pages = ['README.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })].sort();

const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Made by a command, so not in the tree. */
const made = new Set(['node_modules', 'dist', 'coverage']);
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !made.has(entry.name))
  .map(({ name }) => name);

const withoutFences = (text: string): string =>
  text.replaceAll(/^(?:```|~~~)[^\n]*\n[\s\S]*?^(?:```|~~~)[^\n]*$/gm, '');

/** As GitHub makes them: of a heading's visible text, and numbered where two are the same. */
const anchorsOf = (text: string): ReadonlySet<string> => {
  const seen = new Map<string, number>();
  return new Set(
    [...withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
      const anchor = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-');
      const earlier = seen.get(anchor) ?? 0;
      seen.set(anchor, earlier + 1);
      return earlier === 0 ? anchor : `${anchor}-${earlier}`;
    }),
  );
};

/** The links of a page that lead somewhere in this repository. */
const linksIn = (text: string): string[] =>
  [
    ...withoutFences(text)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)[^)]*\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));

/**
 * What stands in backticks and reads as a path from the root: in one of our folders, or a file of ours in whatever
 * folder.
 */
const pathsIn = (text: string): string[] =>
  [...withoutFences(text).matchAll(/`([^`\n]+)`/g)]
    .map(([, span = '']) => span)
    .filter((span) => /^[\w.<>*-]+(?:\/[\w.<>*-]*)+$/.test(span) && !/^\.\.?\//.test(span))
    .filter((span) => folders.includes(span.split('/')[0] ?? '') || /\.(?:ts|md|asl\.json)$/.test(span));

/** `functions/<name>/config.ts` and `deploy/hub/*.ts` stand for whatever is there. */
const isThere = (path: string): boolean => {
  const pattern = path.replaceAll(/<[^>]*>/g, '*').replace(/\/$/, '');
  if (!pattern.includes('*')) {
    return existsSync(join(root, pattern)) && (!path.endsWith('/') || statSync(join(root, pattern)).isDirectory());
  }
  return globSync(pattern, { cwd: root }).length > 0;
};

/** What is wrong with a page that lies at `page`, one sentence each. */
const faultsOf = (page: string, text: string): string[] => [
  ...linksIn(text).flatMap((link) => {
    const [target = '', anchor] = link.split('#');
    const file = target === '' ? page : relative(root, join(root, dirname(page), target));
    if (file !== page && !existsSync(join(root, file))) return [`The link ${link} leads to no file.`];
    if (anchor === undefined || !file.endsWith('.md')) return [];
    return anchorsOf(file === page ? text : read(file)).has(anchor) ? [] : [`The link ${link} leads to no heading.`];
  }),
  ...pathsIn(text).flatMap((path) => (isThere(path) ? [] : [`There is no ${path}.`])),
];

describe('the pages that people read first', () => {
  it.each(pages)('%s names and links nothing that is not there', (page) => {
    expect(faultsOf(page, read(page))).toEqual([]);
  });

  it('are all there is, README.md and SECURITY.md among them', () => {
    expect(pages.length).toBeGreaterThan(8);
  });
});

describe('a page', () => {
  const faults = (text: string): string[] => faultsOf('docs/page.md', text);

  it('may link files beside it, files above it and its own headings', () => {
    expect(
      faults('# One `two` & three\n[a](fidelity.md) [b](../SECURITY.md#what-counts) [c](#one-two--three)'),
    ).toEqual([]);
  });

  it('may name a file, a folder and what stands for several', () => {
    expect(faults('`core/errors.ts` `core/` `events/rules` `functions/<name>/config.ts` `deploy/hub/*.ts`')).toEqual(
      [],
    );
  });

  it('is not held to addresses, routes, commands, and what a fence shows', () => {
    const shown = '```sh\ncat nothing/there.ts\n```';
    expect(
      faults(`${shown}\n\`/slack/events\` \`npm run nothing\` \`dist/zips\` [x](https://example.com/nothing.md)`),
    ).toEqual([]);
  });

  it.each([
    ['[a](nothing.md)', 'The link nothing.md leads to no file.'],
    ['[a](../docs/nothing.md#there)', 'The link ../docs/nothing.md#there leads to no file.'],
    ['# There\n[a](#nowhere)', 'The link #nowhere leads to no heading.'],
    ['[a](../SECURITY.md#nowhere)', 'The link ../SECURITY.md#nowhere leads to no heading.'],
    ['# Twice\n[a](#twice-1)', 'The link #twice-1 leads to no heading.'],
    ['```\n# Shown\n```\n[a](#shown)', 'The link #shown leads to no heading.'],
    ['`core/nothing.ts`', 'There is no core/nothing.ts.'],
    ['`core/nothing/`', 'There is no core/nothing/.'],
    ['`core/errors.ts/`', 'There is no core/errors.ts/.'],
    ['`adapter/aws/table.ts`', 'There is no adapter/aws/table.ts.'],
    ['`functions/<name>/nothing.ts`', 'There is no functions/<name>/nothing.ts.'],
  ])('that says %j is told: %s', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });
});
