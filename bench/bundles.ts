import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Bundle, type BundledFile, bundleFunctions } from '../scripts/bundle-functions.ts';
import { spread, twoDecimals } from './statistics.ts';

const kilobytes = (bytes: number): number => Math.round((bytes / 1024) * 10) / 10;

/** In a process of its own, with nothing in its environment: how long the import alone took. */
const importMs = (path: string): number => {
  const file = JSON.stringify(pathToFileURL(path).href);
  const script = `const t = performance.now(); await import(${file}); console.log(performance.now() - t)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: {},
    encoding: 'utf8',
  });
  const ms = Number(stdout);
  if (!stdout || Number.isNaN(ms)) throw new Error(`${path} could not be imported.\n${stderr}`);
  return ms;
};

const total = (files: readonly BundledFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
const loaded = ({ files }: Bundle, when: BundledFile['loaded']): BundledFile[] =>
  files.filter((file) => file.loaded === when);

const gzipped = ({ path }: Bundle, files: readonly BundledFile[]): number =>
  files.reduce((sum, { name }) => sum + gzipSync(readFileSync(join(dirname(path), name))).length, 0);

/** The package that a source file belongs to, or the folder of ours. */
const ownerOf = (source: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(source)?.[1] ?? source.split('/')[0] ?? source;

/** What a bundle is made of, the largest first. */
const contents = ({ files }: Bundle, most: number): Record<string, number> => {
  const bytes = new Map<string, number>();
  for (const { sources } of files) {
    for (const [source, size] of Object.entries(sources)) {
      bytes.set(ownerOf(source), (bytes.get(ownerOf(source)) ?? 0) + size);
    }
  }
  const largest = [...bytes].sort(([, a], [, b]) => b - a).slice(0, most);
  return Object.fromEntries(largest.map(([owner, size]) => [owner, kilobytes(size)]));
};

/**
 * Every function as it is packaged: its size, and how long a fresh process takes to import it, beside a handler that
 * does nothing. All are imported in turn, round after round, so that noise on the machine meets all alike.
 */
export const bundles = async ({ times }: { times: number }) => {
  const out = mkdtempSync(join(tmpdir(), 'daypass-bundles-'));
  try {
    const packaged = await bundleFunctions(join(out, 'functions'));
    const empty = join(out, 'empty.mjs');
    writeFileSync(empty, 'export const handler = async () => {};\n');
    const paths = [empty, ...packaged.map(({ path }) => path)];
    const measured = new Map<string, number[]>(paths.map((path) => [path, []]));
    for (let round = 0; round < times; round++) for (const path of paths) measured.get(path)?.push(importMs(path));

    const emptyMs = spread(measured.get(empty) ?? []);
    const functions = packaged
      .sort((a, b) => total(b.files) - total(a.files))
      .map((bundle) => {
        const atOnce = loaded(bundle, 'at-once');
        const importing = spread(measured.get(bundle.path) ?? []);
        return {
          name: bundle.name,
          kb: kilobytes(total(atOnce)),
          gzipKb: kilobytes(gzipped(bundle, atOnce)),
          whenNeededKb: kilobytes(total(loaded(bundle, 'when-needed'))),
          importMedianMs: importing.medianMs,
          moreThanEmptyMs: twoDecimals((importing.medianMs ?? 0) - (emptyMs.medianMs ?? 0)),
        };
      });
    const largest = Object.fromEntries(packaged.slice(0, 3).map((bundle) => [bundle.name, contents(bundle, 12)]));
    return { importsOfEach: times, emptyHandlerMedianMs: emptyMs.medianMs, functions, largestThreeHoldKb: largest };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};
