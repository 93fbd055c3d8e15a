import { setTimeout as pause } from 'node:timers/promises';

/** Nothing that works takes this long; a bench that waits longer is broken and says so. */
const patienceMs = 30_000;

/** Rejects with what was waited for once `promise` takes too long. */
export const within = async <T>(what: string, promise: Promise<T>, mostMs = patienceMs): Promise<T> => {
  const stop = new AbortController();
  const late = pause(mostMs, undefined, { signal: stop.signal }).then((): never => {
    throw new Error(`Waited ${mostMs} ms in vain for: ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
};
