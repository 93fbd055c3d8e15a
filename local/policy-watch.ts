import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Policy } from '#core/policy/policy.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { PolicyNotice } from '#slack/deliver/policy-notices.ts';
import type { LocalClock } from './clock.ts';

/** For what the file system does not tell: network file systems, links to folders that are exchanged. */
const everyMs = 60_000;
/** Some editors empty a file before they write it. */
const settleMs = 2_000;
const dayMs = 86_400_000;

/** Hears of every change in a folder. Never throws: where nobody tells, the clock has it looked at. */
const watched = (folder: string, changed: (name: string | null) => void): FSWatcher | undefined => {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => changed(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
};

/**
 * Reads the policy's file as soon as it changes, whether or not anybody asks for something. One that cannot be read is
 * told, at once and again each day while it lasts, on the console and by `tell`, to those of the policy in force; once
 * more when it can be read again. What could not be told is tried again at the next look.
 */
export const watchPolicy = (deps: {
  path: string;
  source: PolicySource;
  clock: LocalClock;
  log: Log;
  tell: (inForce: Policy, notice: PolicyNotice) => Promise<void>;
}) => {
  const { path, source, clock, log, tell } = deps;
  let toldAtMs: number | undefined;
  let cancel = (): void => undefined;
  let stopped = false;

  /** When what cannot be read is taken for what was meant; the beginning of time where it can. */
  const settlesAtMs = (): number => {
    const trouble = source.trouble?.();
    return trouble === undefined ? 0 : Date.parse(trouble.since) + settleMs;
  };

  const tellWhatIs = async (policy: Policy): Promise<void> => {
    const trouble = source.trouble?.();
    const nowMs = clock.nowMs();
    if (trouble === undefined) {
      if (toldAtMs !== undefined) await tell(policy, { kind: 'readable' });
      toldAtMs = undefined;
      return;
    }
    if (nowMs < (toldAtMs === undefined ? settlesAtMs() : toldAtMs + dayMs)) return;
    if (toldAtMs !== undefined) {
      const { since, problems } = trouble;
      log.error('The access policy still cannot be read. The last good one stays in force.', { path, since, problems });
    }
    await tell(policy, { kind: 'unreadable', trouble, again: toldAtMs !== undefined });
    toldAtMs = nowMs;
  };

  const look = async (): Promise<void> => {
    try {
      await tellWhatIs(await source.current());
    } catch (error) {
      if (!stopped) log.error('That the access policy cannot be read could not be told.', { error: String(error) });
    }
    lookIn(settlesAtMs() > clock.nowMs() ? settleMs : everyMs);
  };

  let last: Promise<void> = Promise.resolve();
  const lookNow = (): void => {
    cancel();
    last = last.then(look);
  };
  const lookIn = (ms: number): void => {
    cancel();
    if (!stopped) cancel = clock.at(clock.nowMs() + ms, lookNow);
  };

  const watcher = watched(dirname(path), (name) => {
    if (!stopped && (name === null || name === basename(path))) lookNow();
  });
  lookIn(everyMs);
  return {
    /** Waits for what it is about to tell. */
    stop: async (): Promise<void> => {
      stopped = true;
      watcher?.close();
      cancel();
      await last;
    },
  };
};
