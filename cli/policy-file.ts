import { readFile } from 'node:fs/promises';
import { type ReadPolicy, readPolicy } from '#core/policy/read.ts';
import { exits, Failure } from './failure.ts';

/** Where the policy is unless somebody says otherwise. */
export const usualPolicyFile = 'access.yaml';

/** Throws a Failure where there is no such file, or it cannot be opened. What is in it may still be wrong. */
export const readPolicyFile = async (path: string): Promise<ReadPolicy> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${error.code}).`;
    throw new Failure(exits.usage, 'unreadable-file', why, 'Say which file holds the access policy.');
  });
  return readPolicy(text);
};
