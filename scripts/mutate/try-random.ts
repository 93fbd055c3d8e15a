import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependentsOf } from './copies.ts';
import type { RandomMutant } from './random-mutants.ts';
import { reachedBy } from './reached.ts';
import { runTests } from './run-tests.ts';
import { noticedSideBySide } from './side-by-side.ts';
import { typeErrors } from './type-errors.ts';

/** Who notices a mutant: the compiler, a unit or contract test, an end-to-end test, or nobody. */
export type Level = 'tsc' | 'unit' | 'e2e' | 'nobody';
export type RandomVerdict = Pick<RandomMutant, 'id' | 'file' | 'line' | 'what'> & { level: Level; by: string };

const minutesMs = 60_000;
const isTest = (file: string): boolean => file.endsWith('.test.ts');
/**
 * None for tests that read the sources as text, and so know a mutant by how it looks, and for those that look at a page
 * or at a finished run.
 */
const levelOf = (file: string): 'unit' | 'e2e' | undefined => {
  if (/^test\/(browser|permissions\/suite|scripts|docs)\//.test(file) || /^test\/[^/]+$/.test(file)) return undefined;
  return file.startsWith('test/e2e/') ? 'e2e' : 'unit';
};

export type Trial = {
  /** Copies of the tree, one for each run at a time. */
  copies: readonly string[];
  files: readonly string[];
  mutants: readonly RandomMutant[];
  withE2e: boolean;
  /** A file of verdicts, one a line, which a later run with the same mutants goes on from. */
  log: string | undefined;
  say: (verdict: RandomVerdict) => void;
};

/** A verdict on each mutant. The cheapest look comes first, and the tests that come to least of the others. */
export const tryRandom = async ({ copies, files, mutants, withE2e, log, say }: Trial): Promise<RandomVerdict[]> => {
  const [first] = copies;
  if (first === undefined) throw new Error('There is no copy to try in.');
  const done: RandomVerdict[] =
    log !== undefined && existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as RandomVerdict)
      : [];
  const tell = (mutant: RandomMutant, level: Level, by: string): void => {
    const { id, file, line, what } = mutant;
    const verdict = { id, file, line, what, level, by };
    done.push(verdict);
    if (log !== undefined) appendFileSync(log, `${JSON.stringify(verdict)}\n`);
    say(verdict);
  };
  const left = mutants.filter(({ id }) => !done.some((verdict) => verdict.id === id));
  const code = left.filter(({ file }) => file.endsWith('.ts'));
  const beside = (file: string): string[] => files.filter((other) => other.startsWith(`${file.split('/')[0]}/`));
  const byCompiler = await noticedSideBySide(first, code, beside, () => typeErrors(first));
  for (const mutant of code) if (byCompiler.has(mutant)) tell(mutant, 'tsc', 'tsc');

  const running = left.filter((mutant) => !byCompiler.has(mutant));
  const tests = files.filter(isTest).filter((file) => levelOf(file) === 'unit' || (withE2e && levelOf(file) === 'e2e'));
  const reached = await reachedBy(first, running, tests);
  const load = new Map<string, number>();
  for (const of of reached.values()) for (const file of of) load.set(file, (load.get(file) ?? 0) + 1);
  const testsOf = ({ id, file, probe }: RandomMutant): string[] =>
    (probe ? (reached.get(id) ?? []) : dependentsOf(first, file, files).filter(isTest))
      .filter((test) => levelOf(test) !== undefined)
      .toSorted((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0));

  const tryOne = async (copy: string, mutant: RandomMutant): Promise<void> => {
    const path = join(copy, mutant.file);
    const original = readFileSync(path, 'utf8');
    const reaching = testsOf(mutant);
    const unit = reaching.filter((test) => levelOf(test) === 'unit');
    const mirrored = unit.filter((test) => test === `test/${mutant.file.replace(/\.ts$/, '.test.ts')}`);
    const nearest = [...new Set([...mirrored, ...unit.slice(0, 6)])];
    const e2e = withE2e ? reaching.filter((test) => levelOf(test) === 'e2e') : [];
    const looks: [Level, readonly string[]][] = [
      ['unit', nearest],
      ['unit', unit.filter((test) => !nearest.includes(test))],
      ['e2e', e2e.slice(0, 5)],
      ['e2e', e2e.slice(5)],
    ];
    writeFileSync(path, mutant.text);
    try {
      for (const [level, chosen] of looks) {
        if (chosen.length === 0) continue;
        const [by] = await runTests(copy, { files: chosen, timeoutMs: 10 * minutesMs, bail: true });
        if (by !== undefined) return tell(mutant, level, by);
      }
      tell(mutant, 'nobody', `${unit.length} unit and ${e2e.length} end-to-end files come to it`);
    } finally {
      writeFileSync(path, original);
    }
  };
  const queue = [...running];
  await Promise.all(
    copies.map(async (copy) => {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) await tryOne(copy, mutant);
    }),
  );
  return done;
};
