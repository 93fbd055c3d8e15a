import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Mutant } from './mutant.ts';

const relativeImport = /(?<=from ')\.\.?\/[^']+(?=')/g;
const targetOf = (file: string, specifier: string): string => posix.join(posix.dirname(file), specifier);

/** The files of the same folder, and of those in it, that import the file. */
const importersOf = (root: string, file: string): string[] => {
  const folder = posix.dirname(file);
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((other) =>
      (readFileSync(join(root, other), 'utf8').match(relativeImport) ?? []).some(
        (specifier) => targetOf(other, specifier) === file,
      ),
    );
};

/** Puts the file and its importers there, each as it is but for the imports, which reach the rest of the tree from anywhere. */
const putCopies = (root: string, folder: string, file: string, text: string): void => {
  const copies = new Map([[file, text]]);
  for (const other of importersOf(root, file)) copies.set(other, readFileSync(join(root, other), 'utf8'));
  for (const [path, content] of copies) {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    const reaching = (specifier: string): string =>
      copies.has(targetOf(path, specifier)) ? specifier : `#${targetOf(path, specifier)}`;
    writeFileSync(to, content.replaceAll(relativeImport, reaching));
  }
};

/**
 * The mutants in which the compiler finds an error; one run for all of them. A mutant is looked at with the neighbours that
 * import its file, not with the whole tree: what is an error there is one here. Throws where there is one without any mistake.
 */
export const typeErrors = (root: string, mutants: readonly Mutant[]): Set<Mutant> => {
  const folder = join(root, 'mutants');
  try {
    mutants.forEach(({ file, text }, index) => {
      putCopies(root, join(folder, String(index)), file, text);
    });
    for (const file of new Set(mutants.map((mutant) => mutant.file))) {
      putCopies(root, join(folder, 'none'), file, readFileSync(join(root, file), 'utf8'));
    }
    writeFileSync(
      join(root, 'tsconfig.mutants.json'),
      JSON.stringify({ extends: './tsconfig.json', include: ['mutants/**/*.ts'] }),
    );
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.mutants.json', '--pretty', 'false'],
      { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
    );
    if (status === null || stderr !== '') throw new Error(`tsc did not run: ${stderr}`);
    const wrong = new Set<string>();
    for (const [line, which = ''] of stdout.matchAll(/^mutants\/(\w+)\/.*$/gm)) {
      if (which === 'none') throw new Error(`There is an error without any mistake: ${line}`);
      wrong.add(which);
    }
    return new Set(mutants.filter((_, index) => wrong.has(String(index))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
