import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dependentsOf, putCopies } from './copies.ts';
import type { Mutant } from './mutant.ts';

/** Where in the copy of the tree they stand, each in a folder of its own. */
export const folder = 'mutants';

/** Somebody who notices something wrong in a file: `tsc`, or a test's name. The path is from the root. */
export type Noticed = { path: string; by: string };

/**
 * Who notices which mutant, all of them looked at in one run: each stands beside the others with those of the
 * candidates that see its file, and what they were made from stands there too. Throws where something is noticed
 * without any mistake.
 */
export const noticedSideBySide = async (
  root: string,
  mutants: readonly Mutant[],
  candidates: (file: string) => readonly string[],
  look: () => Noticed[] | Promise<Noticed[]>,
): Promise<Map<Mutant, string>> => {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const copies = new Map(
    [...new Set(mutants.map(({ file }) => file))].map((file) => [
      file,
      new Map([file, ...dependentsOf(root, file, candidates(file))].map((each) => [each, read(each)])),
    ]),
  );
  try {
    for (const files of copies.values()) putCopies(join(root, folder, 'none'), files);
    mutants.forEach(({ file, text }, index) => {
      putCopies(join(root, folder, String(index)), new Map([...(copies.get(file) ?? []), [file, text]]));
    });
    const noticed = new Map<Mutant, string>();
    for (const { path, by } of await look()) {
      const [, of] = path.split('/');
      const mutant = mutants[Number(of)];
      if (!mutant) throw new Error(`Without any mistake ${by} notices something in ${path}.`);
      if (!noticed.has(mutant)) noticed.set(mutant, by);
    }
    return noticed;
  } finally {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
};
