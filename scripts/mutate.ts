import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { failingTests } from './mutate/failing-tests.ts';
import type { Subject, Verdict } from './mutate/mutant.ts';
import { randomMutants } from './mutate/random-mutants.ts';
import { routing } from './mutate/routing.ts';
import { noticedSideBySide } from './mutate/side-by-side.ts';
import { type Level, tryRandom } from './mutate/try-random.ts';
import { typeErrors } from './mutate/type-errors.ts';

const subjects: Readonly<Record<string, Subject>> = { routing };

const usage = `Makes one mistake after the other in a copy of the tree and looks who notices.

  npm run mutate -- SUBJECT
${Object.entries(subjects)
  .map(([name, { about }]) => `    ${name}: ${about}`)
  .join('\n')}
  npm run mutate -- random [--count 300] [--seed 1] [--copies 2] [--without-e2e] [--log FILE]
    mistakes of every kind over core, usecases, adapters, functions and the state machines, the same ones for the same
    seed. The compiler looks first, then the unit and contract tests that come to the place, then the end-to-end tests
    that do. FILE takes a verdict a line; a run that was broken off goes on from it.

Ends with 1 where too many mistakes went unnoticed (of a subject any; of random ones more than 5 in 100, or more than 15
by compiler, unit and contract tests), with 2 where it could not try.`;

const root = join(import.meta.dirname, '..');
const leftOut = /^(node_modules|\.git|\.daypass|\.serverless|dist)$/;

/** The tree without what is made from it; packages are those of the tree. */
const copyOfTree = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'daypass-mutate-'));
  cpSync(root, copy, { recursive: true, filter: (path) => !leftOut.test(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

/** The compiler looks at a mutant with those of its folder that see it, the tests with all that they need of it. */
const verdictsOn = async (copy: string, { mutants: mistakesIn, tests }: Subject): Promise<Verdict[]> => {
  const files = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const mutants = mistakesIn(files, (file) => readFileSync(join(copy, file), 'utf8'));
  const beside = (file: string): string[] => files.filter((other) => other.startsWith(`${dirname(file)}/`));
  const byCompiler = await noticedSideBySide(copy, mutants, beside, () => typeErrors(copy));
  const left = mutants.filter((mutant) => !byCompiler.has(mutant));
  const seen = (file: string): string[] => [...beside(file), ...tests];
  const byTest = await noticedSideBySide(copy, left, seen, () => failingTests(copy));
  return mutants.map((mutant) => ({ mutant, noticedBy: byCompiler.get(mutant) ?? byTest.get(mutant) }));
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

type RandomOptions = { count: number; seed: number; withE2e: boolean; log: string | undefined };

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

const filesIn = (copy: string): string[] =>
  readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|asl\.json)$/.test(file) && !file.startsWith('node_modules'),
  );

const random = async (copies: readonly string[], options: RandomOptions): Promise<number> => {
  const [first = root] = copies;
  const files = filesIn(first);
  const { count, seed, log, withE2e } = options;
  const mutants = randomMutants(files, (file) => readFileSync(join(first, file), 'utf8'), { count, seed });
  const verdicts = await tryRandom({
    copies,
    files: files.filter((file) => file.endsWith('.ts')),
    mutants,
    withE2e,
    log,
    say: ({ level, file, line, what, by }) => say(`${level.padEnd(6)}  ${file}:${line}  ${what}  (${by})`),
  });
  const at = (...levels: Level[]): number => verdicts.filter(({ level }) => levels.includes(level)).length;
  const all = verdicts.length - at('nobody');
  const soon = at('tsc', 'unit');
  say(
    `${verdicts.length} mistakes of seed ${seed}: ${at('tsc')} noticed by tsc, ${at('unit')} by unit and contract tests, ${at('e2e')} by end-to-end tests, ${at('nobody')} by nobody.`,
  );
  say(
    `By all checks together ${percent(all, verdicts.length)}; by tsc, unit and contract tests ${percent(soon, verdicts.length)}; of what compiles, by unit and contract tests ${percent(at('unit'), verdicts.length - at('tsc'))}.`,
  );
  return all / verdicts.length >= 0.95 && soon / verdicts.length >= 0.85 ? 0 : 1;
};

const listed = async (copy: string, subject: Subject): Promise<number> => {
  const startedMs = performance.now();
  const verdicts = await verdictsOn(copy, subject);
  for (const { mutant, noticedBy } of verdicts) {
    const { file, line, what } = mutant;
    say(`${noticedBy === undefined ? 'UNNOTICED' : 'noticed  '}  ${file}:${line}  ${what}  ${noticedBy ?? ''}`);
  }
  const unnoticed = verdicts.filter(({ noticedBy }) => noticedBy === undefined).length;
  const byCompiler = verdicts.filter(({ noticedBy }) => noticedBy === 'tsc').length;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stderr.write(
    `${verdicts.length} mistakes: ${byCompiler} noticed by tsc, ${verdicts.length - byCompiler - unnoticed} by a test, ${unnoticed} by nobody; ${seconds} s.\n`,
  );
  return unnoticed > 0 || verdicts.length === 0 ? 1 : 0;
};

/** As many copies as asked for, which are gone when this process is. */
const copiesOfTree = (count: number): string[] => {
  const copies = Array.from({ length: count }, copyOfTree);
  process.once('exit', () => {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  return copies;
};

const numberOf = (option: string, text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${option} takes a whole number from 1 on; "${text}" is none.`);
  return Number(text);
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      count: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      copies: { type: 'string', default: '2' },
      'without-e2e': { type: 'boolean', default: false },
      log: { type: 'string' },
    },
  });
  const [name = ''] = positionals;
  const subject = subjects[name];
  if (values.help || positionals.length > 1 || !(subject || name === 'random')) {
    say(usage);
    return values.help ? 0 : 2;
  }
  if (subject) return listed(copiesOfTree(1)[0] ?? root, subject);
  return random(copiesOfTree(numberOf('copies', values.copies)), {
    count: numberOf('count', values.count),
    seed: numberOf('seed', values.seed),
    withE2e: !values['without-e2e'],
    log: values.log,
  });
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
