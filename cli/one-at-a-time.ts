import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Context } from './context.ts';
import { pause } from './pause.ts';

const lookAgainMs = 50;
/** A minute: longer than whoever has the lock may take. */
const mostLooks = 1200;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the lock is ours now. One whose process has died counts for nothing. */
const take = async (lock: string): Promise<boolean> => {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = await readFile(lock, 'utf8').catch(() => '');
  // It is empty while it is being written.
  if (text !== '' && !isRunning(Number(text))) await rm(lock, { force: true });
  return false;
};

/**
 * Does the work in one process of this machine at a time, for each lock file. Who waits for longer than a minute works
 * all the same: two at once is more than is needed, and harmless. Throws what the system says of the file.
 */
export const oneAtATime = async <T>(context: Context, lock: string, work: () => Promise<T>): Promise<T> => {
  let mine = await take(lock);
  for (let looks = 0; !mine && looks < mostLooks; looks++) {
    await pause(context, lookAgainMs);
    mine = await take(lock);
  }
  try {
    return await work();
  } finally {
    if (mine) await rm(lock, { force: true });
  }
};
