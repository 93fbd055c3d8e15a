import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import type { CliFile } from '#ports/cli-file.ts';

const root = join(import.meta.dirname, '..');

/** The packages whose code is in a bundle: `commander`, `@clack/core`. */
const packagesIn = (metafile: Metafile): string[] => [
  ...new Set(
    Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  ),
];

/** A licence asks to go wherever the code goes. */
const licenceOf = (name: string): string => {
  const folder = join(root, 'node_modules', name);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
  if (file !== undefined) return `${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  const { license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const who = typeof author === 'object' && author !== null && 'name' in author ? author.name : author;
  return `${name}\n\n${license}, by ${who}`;
};

/**
 * The command line as one file for people's own machines: an ES module that needs nothing but Node 20. The same bytes
 * for the same sources. It takes some tenths of a second, in which this process does nothing else: the bundler that
 * works beside it is one for all, and whoever is done with it stops it.
 */
export const bundleCli = async (): Promise<string> => {
  const { buildSync } = await import('esbuild');
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: ['cli/single-file.ts'],
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    // Packages that are not ES modules call `require` for what Node itself has.
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    legalComments: 'none',
    logLevel: 'silent',
  });
  const licences = packagesIn(metafile).sort().map(licenceOf).join('\n\n\n').replaceAll('*/', '* /');
  return `${outputFiles[0]?.text ?? ''}/*\nIt holds code of these packages, under these licences:\n\n${licences}\n*/\n`;
};

/** Bundled when somebody first asks for it, so that starting does not wait for that. */
export const bundledCli = (): CliFile => {
  let text: Promise<string> | undefined;
  return () => {
    text ??= bundleCli();
    return text;
  };
};
