import { WebAPIHTTPError } from '@slack/web-api';
import { commandName } from '#core/command-name.ts';
import { DaypassError } from '#core/errors.ts';
import { Limited } from './pace.ts';
import { meaningOf, platformError, retryAfterMs } from './slack-errors.ts';

const of = (message: string, cause: unknown): DaypassError => new DaypassError('SlackUnavailable', message, { cause });

/** What people read about a call that Slack did not answer as it should, and what to do next. */
export const unavailable = (method: string, cause: unknown): DaypassError => {
  const name = platformError(cause);
  if (name !== undefined && meaningOf(cause) === 'app') {
    const next = `Check the bot token, and install the app anew if its scopes changed: ${commandName} doctor says what is wrong.`;
    return of(`Slack refused ${method}: ${name}. ${next}`, cause);
  }
  if (name !== undefined) {
    return of(`Slack refused ${method}: ${name}. Look it up at docs.slack.dev/reference/methods/${method}`, cause);
  }
  const limitedMs = cause instanceof Limited ? cause.forMs : retryAfterMs(cause);
  if (limitedMs !== undefined) {
    return of(`Slack takes no more ${method} for ${Math.ceil(limitedMs / 1000)} s. Try again then.`, cause);
  }
  const how = cause instanceof WebAPIHTTPError ? `answered with HTTP ${cause.statusCode}` : 'could not be reached';
  return of(`Slack ${how} for ${method}. Try again in a moment.`, cause);
};
