import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file for its owner's eyes only, and all or nothing: who reads meanwhile sees the old file or the new one. A
 * folder that is missing is made for the owner alone; one that is there stays as it is. Throws what the system says.
 */
export const writePrivately = async (file: string, text: string): Promise<void> => {
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    await rm(draft, { force: true });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
};
