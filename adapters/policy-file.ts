import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import type { Policy } from '#core/policy/policy.ts';
import { problemLine } from '#core/policy/problem.ts';
import { readPolicy } from '#core/policy/read.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';

type Seen = {
  /** Undefined where the file could not be opened: it is tried again. */
  stamp: string | undefined;
  good: { policy: Policy; readAt: string } | undefined;
  trouble: { since: string; problems: readonly string[] } | undefined;
};

/**
 * The policy in a file, looked at again at each `current()` and read again when it was written or put in place anew. A
 * file that became unreadable is logged once and leaves the last good policy in force; `trouble()` says so. `current()`
 * throws `PolicyUnreadable`, with every problem in its message, until there was a first good one. `onRead` hears of
 * every good one before anybody is answered by it.
 */
export const policyFile = (
  path: string,
  log: Log,
  { clock = { nowMs: Date.now }, onRead = () => undefined }: { clock?: Clock; onRead?: (policy: Policy) => void } = {},
): PolicySource => {
  let seen: Seen | undefined;

  const accept = (stamp: string, { policy, warnings }: Extract<Read, { ok: true }>): Seen => {
    if (warnings.length > 0) log.warn('The access policy has oddities.', { path, warnings });
    if (seen !== undefined) log.info('The access policy was read again.', { path, digest: policy.digest });
    onRead(policy);
    return { stamp, good: { policy, readAt: toIso(clock.nowMs()) }, trouble: undefined };
  };

  const refuse = (stamp: string, { opened, complaint }: Extract<Read, { ok: false }>): Seen => {
    const known = seen?.trouble?.problems.join('\n') === complaint.join('\n');
    if (seen?.good !== undefined && !(known && !opened)) {
      log.error('The access policy has changed and cannot be read. The last good one stays in force.', {
        path,
        problems: complaint,
      });
    }
    return {
      stamp: opened || stamp === absent ? stamp : undefined,
      good: seen?.good,
      trouble: { since: seen?.trouble?.since ?? toIso(clock.nowMs()), problems: complaint },
    };
  };

  const look = async (): Promise<Policy> => {
    const stamp = stampOf(path);
    if (seen?.stamp !== stamp) {
      const read = await readFrom(path);
      seen = read.ok ? accept(stamp, read) : refuse(stamp, read);
    }
    if (seen?.good !== undefined) return seen.good.policy;
    throw new DaypassError(
      'PolicyUnreadable',
      `The access policy ${path} cannot be used:\n${seen?.trouble?.problems.join('\n')}\nCorrect it and try again.`,
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
    trouble: () => (seen?.good && seen.trouble ? { ...seen.trouble, inForceSince: seen.good.readAt } : undefined),
  };
};

const absent = 'absent';

/**
 * `absent` where there is no such file, so that its coming back is a change too. Waiting for the system in another
 * thread would take many times as long as this does.
 */
const stampOf = (path: string): string => {
  try {
    // Copying can put the time of writing and the size back, and a change of rights changes neither.
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch {
    return absent;
  }
};

type Read =
  | { ok: true; policy: Policy; warnings: readonly string[] }
  | { ok: false; opened: boolean; complaint: readonly string[] };

const mostProblems = 20;

const readFrom = async (path: string): Promise<Read> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { ok: false, opened: false, complaint: [`The file could not be opened (${code}).`] };
  }
  const read = readPolicy(text);
  if (read.ok) return { ok: true, policy: read.policy, warnings: read.warnings.map(problemLine) };
  const rest = read.problems.length - mostProblems;
  const shown = read.problems.slice(0, mostProblems).map(problemLine);
  return { ok: false, opened: true, complaint: rest > 0 ? [...shown, `and ${rest} more`] : shown };
};
