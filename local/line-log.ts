import type { Writable } from 'node:stream';
import type { Log } from '#ports/log.ts';

const shown = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');

/** The log as lines for a person at a terminal. */
export const lineLog =
  (out: Writable) =>
  (functionName: string): Log => {
    const line =
      (level: string) =>
      (message: string, facts: Readonly<Record<string, unknown>> = {}) =>
        void out.write(`${level} ${functionName}: ${message}${shown(facts)}\n`);
    return { info: line('info '), warn: line('warn '), error: line('error') };
  };
