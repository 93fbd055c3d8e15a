import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './stack-process.ts';

/** The last commit before calls were saved: the targets are shares of what it needs. */
export const oldCommit = 'a96adcc';

/** The last commit at which one queue served every function of the laptop. */
export const oneQueueCommit = '3b58378';

const run = (program: string, args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  if (status !== 0) throw new Error(error?.message ?? stderr.trim());
};

/** Checks the old code out beside this one, with this one's packages. Throws an Error that says why where it cannot. */
export const checkOutOldCode = (commit = oldCommit): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-bench-old-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const archive = join(folder, 'old.tar');
  run('git', ['-C', repository, 'archive', '--format=tar', `--output=${archive}`, commit]);
  run('tar', ['-xf', archive, '-C', folder]);
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove };
};
