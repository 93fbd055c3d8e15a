import { readFile } from 'node:fs/promises';
import { DaypassError } from '#core/errors.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { PolicySource } from '#ports/policy-source.ts';

/**
 * The policy that was read, checked and resolved when the function was packaged: it changes with a deployment and in no
 * other way, and one that cannot be read is not packaged.
 * `current()` throws `PolicyUnreadable` where the file is not there or not JSON.
 */
export const compiledPolicy = (path: string): PolicySource => {
  let reading: Promise<Policy> | undefined;
  const read = async (): Promise<Policy> => {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Policy;
    } catch (cause) {
      throw new DaypassError(
        'PolicyUnreadable',
        `The access policy ${path} that was deployed with this function cannot be read. Package it again and deploy it.`,
        { cause },
      );
    }
  };
  return {
    current: () => {
      reading ??= read();
      return reading;
    },
  };
};
