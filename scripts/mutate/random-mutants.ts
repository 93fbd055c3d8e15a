import { type CodeMistake, codeMistakes, type Probe } from './code-mistakes.ts';
import { machineMistakes, withMistake } from './machine-mistakes.ts';
import { type Mutant, replaced } from './mutant.ts';
import { sampled, seeded } from './sample.ts';

export type RandomMutant = Mutant & { id: number; probe?: Probe };

/** How many of a hundred fall into which part of the product. Most of them go where access is decided and removed. */
const shares: readonly [RegExp, number][] = [
  [/^core\/.*\.ts$/, 30],
  [/^usecases\/.*\.ts$/, 25],
  [/^adapters\/.*\.ts$/, 20],
  [/^functions\/.*\.ts$/, 10],
  [/^statemachines\/.*\.asl\.json$/, 15],
];

/** Of a hundred in code, how many change a text: there are more of those than of all others together. */
const textPercent = 10;
const isText = ({ kind }: Pick<CodeMistake, 'kind'>): boolean => kind === 'text' || kind === 'template';

/** One element at a time of each, until one is used up. */
const evenly = <T>(groups: readonly (readonly T[])[], count: number): T[] => {
  const taken: T[] = [];
  for (let round = 0; taken.length < count && groups.some((group) => group.length > round); round++) {
    for (const group of groups) {
      const one = group[round];
      if (one !== undefined && taken.length < count) taken.push(one);
    }
  }
  return taken;
};

const lineOf = (text: string, path: readonly (string | number)[]): number => {
  let at = 0;
  for (const key of path) if (typeof key === 'string') at = Math.max(at, text.indexOf(`"${key}"`, at));
  return text.slice(0, at).split('\n').length;
};

/** `count` mistakes over the whole product, the same ones for the same seed and the same tree. */
export const randomMutants = (
  files: readonly string[],
  read: (file: string) => string,
  { count, seed }: { count: number; seed: number },
): RandomMutant[] => {
  const next = seeded(seed);
  const mutants = shares.flatMap(([pattern, share]) => {
    const wanted = Math.round((count * share) / 100);
    const room = files.filter((file) => pattern.test(file)).toSorted();
    const machines = room
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => {
        const text = read(file);
        const definition: unknown = JSON.parse(text);
        return machineMistakes(definition).map((mistake) => ({
          file,
          line: lineOf(text, mistake.path),
          what: `${mistake.path.slice(-4).join('.')} → ${JSON.stringify(mistake.by) ?? 'left out'}`,
          text: `${JSON.stringify(withMistake(definition, mistake), undefined, 2)}\n`,
        }));
      });
    if (machines.length > 0) return sampled(machines, wanted, next);
    const mistakes = room.flatMap((file) => codeMistakes(file, read(file)).map((mistake) => ({ file, ...mistake })));
    const texts = Math.round((wanted * textPercent) / 100);
    // A kind that stands in the code often is not tried more often than a rare one.
    const kinds = Map.groupBy(
      mistakes.filter((mistake) => !isText(mistake)),
      ({ kind }) => kind,
    );
    const chosen = [
      ...evenly(
        sampled([...kinds.values()], kinds.size, next).map((group) => sampled(group, wanted, next)),
        wanted - texts,
      ),
      ...sampled(mistakes.filter(isText), texts, next),
    ];
    return chosen.map(({ file, kind, from, to, by, probe }) => {
      const mutant = replaced(file, read(file), { from, to }, by);
      return {
        ...mutant,
        what: `${kind}: ${mutant.what.replaceAll(/\s+/g, ' ').slice(0, 160)}`,
        ...(probe && { probe }),
      };
    });
  });
  return mutants.map((mutant, id) => ({ ...mutant, id }));
};
