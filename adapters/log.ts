import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '#ports/log.ts';

/** Structured JSON lines. Facts are ids and reasons; nobody passes an event, a body or a token. */
export const structuredLog = (serviceName: string): Log => {
  const logger = new Logger({ serviceName });
  return {
    info: (message, facts = {}) => logger.info(message, { facts }),
    warn: (message, facts = {}) => logger.warn(message, { facts }),
    error: (message, facts = {}) => logger.error(message, { facts }),
  };
};
