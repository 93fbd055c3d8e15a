import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A file of this repository and the files of it that it imports, types or values, by their paths from the root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** What biome keeps at the beginning of a line: `import …`, `export … from …`, over as many lines as it takes. */
const statement = /^(?:import|export)(?:\s+type)?\s+(?:[\w$\s,*]|\{[^}]*\})*?(?:from\s+)?'([^']+)'/gm;
/** Wherever it stands: `await import('…')`, and `import('…')` in a type. */
const call = /\bimport\(\s*'([^']+)'/g;

/** The files that a text imports, for a text that lies at `path`. Packages are none. */
export const importsIn = (text: string, path: string): string[] =>
  [...text.matchAll(statement), ...text.matchAll(call)].flatMap(([, specifier = '']) => {
    if (specifier.startsWith('#')) return specifier.slice(1);
    return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : [];
  });

const root = join(import.meta.dirname, '..');

/** These files, and every file of code in these folders. */
export const importsOf = (places: readonly string[]): Imports =>
  new Map(
    globSync(
      places.map((place) => (place.includes('.') ? place : `${place}/**/*.{ts,tsx,js,cjs}`)),
      { cwd: root },
    )
      .map((path) => path.split('\\').join('/'))
      .sort()
      .map((path) => [path, importsIn(readFileSync(join(root, path), 'utf8'), path)]),
  );

/**
 * Files that import each other, directly or over others: groups of at least two, or one that imports itself. By
 * Tarjan's algorithm: https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm
 */
export const circlesIn = (imports: Imports): string[][] => {
  const circles: string[][] = [];
  const numbers = new Map<string, number>();
  const open: string[] = [];
  /** Returns the lowest number that can be got back to. */
  const visit = (file: string): number => {
    const number = numbers.size;
    numbers.set(file, number);
    open.push(file);
    let lowest = number;
    for (const next of imports.get(file) ?? []) {
      const known = numbers.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === number) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1 || imports.get(file)?.includes(file)) circles.push(group.sort());
    }
    return lowest;
  };
  for (const file of imports.keys()) if (!numbers.has(file)) visit(file);
  return circles;
};
