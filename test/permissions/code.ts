import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What decides which permissions are used: the product, the embedded stack and the end-to-end tests. */
const folders = [
  ...['adapters', 'core', 'deploy', 'events', 'functions', 'local', 'ports', 'slack', 'statemachines', 'usecases'],
  ...['test/e2e', 'test/fixtures', 'test/kit', 'test/permissions'],
];

/** Recordings are worth something for this code and no other. */
export const digestOfCode = (): string => {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(ts|json)$/.test(name),
    );
    for (const name of names.sort()) hash.update(`${folder}/${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
};

/** The test files that the end-to-end suite consists of. */
export const endToEndFiles = (): string[] =>
  readdirSync('test/e2e')
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
