import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '#ports/log.ts';

/**
 * Bolt's and the Web API client's own messages in our log. Their debug messages hold whole payloads and are dropped.
 */
export const boltLogger = (log: Log): Logger => {
  const words = (parts: unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.name : String(part))).join(' ');
  return {
    debug: () => {},
    info: (...parts) => log.info(words(parts)),
    warn: (...parts) => log.warn(words(parts)),
    error: (...parts) => log.error(words(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
};
