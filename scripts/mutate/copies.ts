import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const specifiers = /(?<=from ')(?:\.\.?\/|#)[^']+(?=')/g;

const targetOf = (file: string, specifier: string): string =>
  specifier.startsWith('#') ? specifier.slice(1) : posix.join(posix.dirname(file), specifier);

/** Which of the candidates see the file: they import it, or import one that does. Paths are from the root. */
export const dependentsOf = (root: string, file: string, candidates: readonly string[]): string[] => {
  const imports = candidates.map((candidate) => {
    const found = readFileSync(join(root, candidate), 'utf8').match(specifiers) ?? [];
    return { candidate, targets: found.map((specifier) => targetOf(candidate, specifier)) };
  });
  const reached = new Set([file]);
  for (let before = 0; before < reached.size; ) {
    before = reached.size;
    for (const { candidate, targets } of imports) {
      if (targets.some((target) => reached.has(target))) reached.add(candidate);
    }
  }
  return [...reached].filter((each) => each !== file);
};

/**
 * Puts the files into a folder of the root, each as it is but for its imports: they reach the other copies there, and
 * for anything else the tree.
 */
export const putCopies = (folder: string, files: ReadonlyMap<string, string>): void => {
  for (const [file, text] of files) {
    const reaching = (specifier: string): string => {
      const target = targetOf(file, specifier);
      const way = posix.relative(posix.dirname(file), target);
      if (!files.has(target)) return `#${target}`;
      return way.startsWith('.') ? way : `./${way}`;
    };
    const to = join(folder, file);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text.replaceAll(specifiers, reaching));
  }
};
