import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { failingTests } from './mutate/failing-tests.ts';
import type { Subject, Verdict } from './mutate/mutant.ts';
import { routing } from './mutate/routing.ts';
import { noticedSideBySide } from './mutate/side-by-side.ts';
import { typeErrors } from './mutate/type-errors.ts';

const subjects: Readonly<Record<string, Subject>> = { routing };

const usage = `Makes one mistake after the other in a copy of the tree and looks who notices: the compiler, or else a unit test.

  npm run mutate -- SUBJECT

${Object.entries(subjects)
  .map(([name, { about }]) => `  ${name}: ${about}`)
  .join('\n')}

Ends with 1 where a mistake went unnoticed, with 2 where it could not try.`;

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

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  });
  const subject = subjects[positionals[0] ?? ''];
  if (values.help || !subject || positionals.length > 1) {
    say(usage);
    return values.help ? 0 : 2;
  }
  const startedMs = performance.now();
  const copy = copyOfTree();
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  process.once('exit', remove);
  process.once('SIGINT', () => process.exit(130));
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

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
