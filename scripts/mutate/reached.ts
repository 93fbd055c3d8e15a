import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomMutant } from './random-mutants.ts';
import { runTests } from './run-tests.ts';

/** Run in every process of the tests: notes which of their files came to which mutant. */
const recorder = (folder: string): string => `import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
const seen = new Set();
globalThis.__reached = (id) => {
  const line = id + ' ' + (globalThis.__vitest_worker__?.filepath ?? '');
  if (seen.has(line)) return;
  seen.add(line);
  appendFileSync(${JSON.stringify(folder)} + '/' + process.pid + '-' + threadId, line + '\\n');
};
`;

/** The file with a probe for each of the mutants, all of which are of this file. */
export const withProbes = (text: string, mutants: readonly Pick<RandomMutant, 'id' | 'probe'>[]): string => {
  const call = (id: number): string => `globalThis.__reached?.(${id})`;
  const pieces = mutants.flatMap(({ id, probe }) => {
    if (!probe) return [];
    if (probe.to === undefined) return [{ at: probe.from, order: 0, piece: `${call(id)};` }];
    return [
      { at: probe.from, order: 1, piece: `(${call(id)}, ` },
      { at: probe.to, order: -1, piece: ')' },
    ];
  });
  // From the end, so that what stands before keeps its place.
  return pieces
    .toSorted((a, b) => b.at - a.at || b.order - a.order)
    .reduce((done, { at, piece }) => done.slice(0, at) + piece + done.slice(at), text);
};

/**
 * Which test files come to which mutant (by its id, from the root), told by one run of all of them in the copy. A
 * mutant in code that is run at loading is in none. Throws where a test fails without any mistake.
 */
export const reachedBy = async (
  copy: string,
  mutants: readonly RandomMutant[],
  tests: readonly string[],
): Promise<Map<number, string[]>> => {
  const folder = join(copy, 'reached');
  mkdirSync(folder);
  const preload = join(copy, 'reached.mjs');
  writeFileSync(preload, recorder(folder));
  const originals = new Map<string, string>();
  for (const [file, of] of Map.groupBy(mutants, ({ file }) => file)) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(copy, file), 'utf8');
    originals.set(file, text);
    writeFileSync(join(copy, file), withProbes(text, of));
  }
  const failed = await runTests(copy, { files: tests, preload, timeoutMs: 3_600_000, bail: false });
  for (const [file, text] of originals) writeFileSync(join(copy, file), text);
  if (failed.length > 0) throw new Error(`Without any mistake these fail: ${failed.join('; ')}`);
  const reached = new Map<number, string[]>();
  for (const name of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
      const [id = '', file = ''] = line.split(' ');
      if (file !== '')
        reached.set(Number(id), [...new Set([...(reached.get(Number(id)) ?? []), file.slice(copy.length + 1)])]);
    }
  }
  return reached;
};
