import { expect, it } from 'vitest';
import { codeMistakes } from '../../../scripts/mutate/code-mistakes.ts';
import { machineMistakes, withMistake } from '../../../scripts/mutate/machine-mistakes.ts';
import { randomMutants } from '../../../scripts/mutate/random-mutants.ts';
import { withProbes } from '../../../scripts/mutate/reached.ts';
import { sampled, seeded } from '../../../scripts/mutate/sample.ts';

/** What is left of a text when each of its mistakes is made, one at a time. */
const mutated = (text: string): string[] =>
  codeMistakes('example.ts', text).map(({ from, to, by }) => text.slice(0, from) + by + text.slice(to));

it.each([
  ['const a = b === c;', ['const a = b !== c;']],
  ['const a = b < c;', ['const a = b <= c;']],
  ['const a = b && !c;', ['const a = b || !c;', 'const a = b && c;']],
  ['const a = b ?? c;', ['const a = (b && c);']],
  ['const a = b ? c : d;', ['const a = (c);', 'const a = (d);']],
  ['if (a) b();', ['if (true) b();', 'if (false) b();', 'if (a) ;']],
  ['await a();', [';', 'a();']],
  ['const a = 3;', ['const a = 4;']],
  ['const a = true;', ['const a = false;']],
  ["const a = 'b';", ["const a = '';"]],
  ['const a = [b, c];', ['const a = [b];']],
  ['const a = { ...b };', ['const a = { ...{} };']],
  ['const a = b.filter(c);', ['const a = b;']],
  ['const a = Math.max(b, c);', ['const a = Math.min(b, c);']],
  ['const a = b.toString();', []],
  ["import a from 'b';", []],
  ["type A = 'b' | 3;", []],
  ["const a = b as 'c';", []],
])('%s', (text, expected) => {
  expect(mutated(text)).toEqual(expected);
});

it('a probe stands before the statement, or around what a short function comes to, and nowhere at loading', () => {
  const text = 'const top = 1;\nconst f = (x: number) => x + 2;\nfunction g() {\n  return h(3);\n}\n';
  const mutants = codeMistakes('example.ts', text)
    .filter(({ kind }) => kind === 'number')
    .map(({ probe }, id) => ({ id, ...(probe && { probe }) }));
  expect(withProbes(text, mutants)).toBe(
    'const top = 1;\nconst f = (x: number) => (globalThis.__reached?.(1), x + 2);\nfunction g() {\n  globalThis.__reached?.(2);return h(3);\n}\n',
  );
});

const machine = {
  StartAt: 'A',
  States: {
    A: {
      Type: 'Task',
      Arguments: { Payload: { id: '{% $id %}' } },
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 6 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
      TimeoutSeconds: 60,
      Next: 'B',
    },
    B: { Type: 'Choice', Choices: [{ Condition: '{% $a > 0 %}', Next: 'A' }], Default: 'C' },
    C: { Type: 'Succeed' },
  },
};

it('a machine is got wrong in its retries, catches, ways, times, conditions and payloads', () => {
  const made = machineMistakes(machine).map(({ path, by }) => `${path.join('.')} = ${JSON.stringify(by)}`);
  expect(made).toEqual([
    'States.A.Arguments.Payload.id = ""',
    'States.A.Retry = undefined',
    'States.A.Retry.0.ErrorEquals = ["States.Permissions"]',
    'States.A.Retry.0.MaxAttempts = 0',
    'States.A.Catch = undefined',
    'States.A.Catch.0.ErrorEquals = ["States.Permissions"]',
    'States.A.Catch.0.Next = "A"',
    'States.A.Catch.0.Next = "C"',
    'States.A.TimeoutSeconds = 120',
    'States.A.Next = "A"',
    'States.A.Next = "C"',
    'States.B.Choices.0.Condition = "{% $not( $a > 0 ) %}"',
    'States.B.Choices.0.Next = "B"',
    'States.B.Choices.0.Next = "C"',
    'States.B.Default = "A"',
    'States.B.Default = "B"',
  ]);
});

it('a mistake in a machine changes what it names and nothing else', () => {
  const wrong = withMistake(machine, { path: ['States', 'A', 'Catch', 0, 'Next'], by: 'C' });
  const right = withMistake(wrong, { path: ['States', 'A', 'Catch', 0, 'Next'], by: 'B' });
  expect(wrong).not.toEqual(machine);
  expect(right).toEqual(machine);
});

it('the same seed takes the same, each once, another seed others', () => {
  const all = Array.from({ length: 100 }, (_, index) => index);
  const taken = sampled(all, 10, seeded(1));
  expect(new Set(taken).size).toBe(10);
  expect(sampled(all, 10, seeded(1))).toEqual(taken);
  expect(sampled(all, 10, seeded(2))).not.toEqual(taken);
  expect(sampled(all, 200, seeded(1)).toSorted((a, b) => a - b)).toEqual(all);
});

it('mistakes are taken from each part of the product by its share, the rare kinds as often as the frequent', () => {
  const code = `const a = (b: number) => b > 1 || b < 0 || [b].filter(c).length === 2;\n${"const t = 'x';\n".repeat(50)}`;
  const files = ['core/a.ts', 'usecases/a.ts', 'adapters/a.ts', 'functions/a.ts', 'statemachines/a.asl.json'];
  const mutants = randomMutants(files, (file) => (file.endsWith('.json') ? JSON.stringify(machine) : code), {
    count: 20,
    seed: 1,
  });
  expect(Object.fromEntries(Map.groupBy(mutants, ({ file }) => file))).toMatchObject({
    'core/a.ts': { length: 6 },
    'usecases/a.ts': { length: 5 },
    'adapters/a.ts': { length: 4 },
    'functions/a.ts': { length: 2 },
    'statemachines/a.asl.json': { length: 3 },
  });
  const kinds = mutants.filter(({ file }) => file === 'core/a.ts').map(({ what }) => what.split(':')[0]);
  expect(kinds.filter((kind) => kind === 'text')).toHaveLength(1);
  expect(new Set(kinds).size).toBeGreaterThan(4);
});
