import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

const backoffMs = 300;
const longestWaitMs = 1_000;

/** Slack says these of itself: https://docs.slack.dev/reference/methods/chat.postMessage (errors). */
const passing: readonly string[] = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];

/**
 * How long to wait before the next try; undefined where it would be pointless, or longer than anybody should wait here.
 */
const waitMs = (error: unknown, round: number): number | undefined => {
  if (error instanceof WebAPIRateLimitedError) {
    const askedMs = error.retryAfter * 1000;
    return askedMs <= longestWaitMs ? askedMs : undefined;
  }
  if (error instanceof WebAPIPlatformError)
    return passing.includes(error.data.error ?? '') ? backoffMs * round : undefined;
  if (error instanceof WebAPIHTTPError) return error.statusCode >= 500 ? backoffMs * round : undefined;
  return error instanceof WebAPIRequestError ? backoffMs * round : undefined;
};

/** Runs until it works, `tries` times at most; `run` gets the number of the try. Throws what the last one threw. */
export const patiently = async <T>(
  run: (round: number) => Promise<T>,
  pause: (ms: number) => Promise<void>,
  tries = 3,
): Promise<T> => {
  for (let round = 1; ; round++) {
    try {
      return await run(round);
    } catch (error) {
      const ms = round < tries ? waitMs(error, round) : undefined;
      if (ms === undefined) throw error;
      await pause(ms);
    }
  }
};
