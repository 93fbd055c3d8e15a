import { type Logger, LogLevel } from '@slack/web-api';

/** The Web API client logs whole messages, and at `warn` the words of errors that we throw anyway. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
