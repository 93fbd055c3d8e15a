import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DaypassError } from '#core/errors.ts';
import type { Policy } from '#core/policy/policy.ts';
import { problemLine } from '#core/policy/problem.ts';
import { readPolicy } from '#core/policy/read.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';

/**
 * The policy in a file, looked at again at each `current()` and read again when its size or time of change is another.
 * A file that became unreadable is logged once and leaves the last good policy in force. `current()` throws
 * `PolicyUnreadable`, with every problem in its message, until there was a first good one.
 */
export const policyFile = (path: string, log: Log): PolicySource => {
  let seen: { stamp: string; policy: Policy | undefined; complaint: string } | undefined;

  const look = async (): Promise<Policy> => {
    const stamp = stampOf(path);
    if (seen?.stamp !== stamp) {
      const read = await readFrom(path);
      if (!read.ok && seen?.policy !== undefined) {
        log.error('The access policy has changed and cannot be read. The last good one stays in force.', {
          path,
          problems: read.complaint,
        });
      }
      if (read.ok && read.warnings.length > 0)
        log.warn('The access policy has oddities.', { path, warnings: read.warnings });
      if (read.ok && seen !== undefined)
        log.info('The access policy was read again.', { path, digest: read.policy.digest });
      seen = read.ok
        ? { stamp, policy: read.policy, complaint: '' }
        : { stamp, policy: seen?.policy, complaint: read.complaint.join('\n') };
    }
    if (seen.policy !== undefined) return seen.policy;
    throw new DaypassError(
      'PolicyUnreadable',
      `The access policy ${path} cannot be used:\n${seen.complaint}\nCorrect it and try again.`,
    );
  };

  // One look at a time, so that a slower reading of an older file cannot come after a newer one.
  let last: Promise<unknown> = Promise.resolve();
  return {
    current() {
      const next = last.then(look);
      last = next.catch(() => undefined);
      return next;
    },
  };
};

/**
 * `absent` where there is no such file, so that its coming back is a change too. Waiting for the system in another
 * thread would take many times as long as this does.
 */
const stampOf = (path: string): string => {
  try {
    const { mtimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    return 'absent';
  }
};

type Read = { ok: true; policy: Policy; warnings: readonly string[] } | { ok: false; complaint: readonly string[] };

const mostProblems = 20;

const readFrom = async (path: string): Promise<Read> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { ok: false, complaint: [`The file could not be opened (${code}).`] };
  }
  const read = readPolicy(text);
  if (read.ok) return { ok: true, policy: read.policy, warnings: read.warnings.map(problemLine) };
  const rest = read.problems.length - mostProblems;
  const shown = read.problems.slice(0, mostProblems).map(problemLine);
  return { ok: false, complaint: rest > 0 ? [...shown, `and ${rest} more`] : shown };
};
