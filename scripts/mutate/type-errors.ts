import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, type Noticed } from './side-by-side.ts';

/** What the compiler finds wrong in the mutants that stand side by side. */
export const typeErrors = (root: string): Noticed[] => {
  const settings = 'tsconfig.mutants.json';
  writeFileSync(join(root, settings), JSON.stringify({ extends: './tsconfig.json', include: [`${folder}/**/*.ts`] }));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', settings, '--pretty', 'false'],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (status === null || stderr !== '') throw new Error(`tsc did not run: ${stderr}`);
  return [...stdout.matchAll(/^(\S+)\(\d+,\d+\): /gm)].map(([, path = '']) => ({ path, by: 'tsc' }));
};
