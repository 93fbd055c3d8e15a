import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/**
 * What an error of Slack's means for whoever called. `passing`: Slack is in trouble itself or wants us to wait, and the
 * same call works later. `no-channel`, `no-message`: what was named is not there, or not for us. `app`: the token or
 * the app's rights are wrong, until somebody changes them. `message`: this very message will never be taken.
 */
export type Meaning = 'passing' | 'no-channel' | 'no-message' | 'app' | 'message';

/** In each list, the methods whose pages name the errors: docs.slack.dev/reference/methods/ and the method. */
const errorsOf: Readonly<Record<Meaning, { source: string; errors: readonly string[] }>> = {
  passing: {
    source:
      'https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/apis/web-api/rate-limits',
    errors: [
      'internal_error',
      'fatal_error',
      'service_unavailable',
      'request_timeout',
      'ratelimited',
      'rate_limited',
      'message_limit_exceeded',
      'team_added_to_org',
      'accesslimited',
    ],
  },
  'no-channel': {
    source: 'https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.postEphemeral, …/conversations.open',
    errors: [
      'channel_not_found',
      'is_archived',
      'not_in_channel',
      'user_not_in_channel',
      'restricted_action',
      'restricted_action_read_only_channel',
      'cannot_dm_bot',
      'user_disabled',
      'user_not_found',
      'messages_tab_disabled',
    ],
  },
  'no-message': {
    source: 'https://docs.slack.dev/reference/methods/chat.update',
    errors: ['message_not_found', 'cant_update_message', 'edit_window_closed'],
  },
  app: {
    source: 'https://docs.slack.dev/reference/methods/auth.test',
    errors: [
      'not_authed',
      'invalid_auth',
      'account_inactive',
      'token_revoked',
      'token_expired',
      'missing_scope',
      'not_allowed_token_type',
      'no_permission',
      'access_denied',
      'ekm_access_denied',
      'org_login_required',
      'two_factor_setup_required',
      'team_access_not_granted',
      'enterprise_is_restricted',
    ],
  },
  message: {
    source: 'https://docs.slack.dev/reference/methods/chat.postMessage',
    errors: [
      'invalid_blocks',
      'invalid_blocks_format',
      'msg_blocks_too_long',
      'msg_too_long',
      'no_text',
      'invalid_arguments',
      'invalid_array_arg',
      'metadata_too_large',
      'invalid_metadata_format',
      'invalid_metadata_schema',
    ],
  },
};

const meanings: ReadonlyMap<string, Meaning> = new Map(
  (Object.keys(errorsOf) as Meaning[]).flatMap((meaning) =>
    errorsOf[meaning].errors.map((name): [string, Meaning] => [name, meaning]),
  ),
);

/** Slack's own name for it: `channel_not_found`. */
export const platformError = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError ? error.data.error : undefined;

/** Undefined for an error of a name that is in no list, and for what is no error of Slack's. */
export const meaningOf = (error: unknown): Meaning | undefined => {
  const name = platformError(error);
  if (name !== undefined) return meanings.get(name);
  if (error instanceof WebAPIRateLimitedError || error instanceof WebAPIRequestError) return 'passing';
  if (!(error instanceof WebAPIHTTPError)) return undefined;
  return error.statusCode >= 500 || error.statusCode === 408 || error.statusCode === 429 ? 'passing' : undefined;
};

/** How long Slack wants to be left alone; undefined where it did not say. */
export const retryAfterMs = (error: unknown): number | undefined =>
  error instanceof WebAPIRateLimitedError ? error.retryAfter * 1000 : undefined;
