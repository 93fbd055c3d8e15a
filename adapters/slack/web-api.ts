import { setTimeout } from 'node:timers/promises';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { DaypassError } from '#core/errors.ts';
import type { PostedMessage } from '#ports/chat.ts';
import type { Slack } from '#slack/ports.ts';
import { patiently } from './patience.ts';
import { silentLogger } from './silent-logger.ts';

/** Names our messages in their metadata: https://docs.slack.dev/messaging/message-metadata */
const eventType = 'daypass';

/**
 * What Slack says where trying again does not help: https://docs.slack.dev/reference/methods/chat.postMessage (errors).
 */
const noChannel: readonly string[] = [
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'user_not_in_channel',
  'restricted_action',
  'cannot_dm_bot',
  'user_disabled',
  'messages_tab_disabled',
];
const noMessage: readonly string[] = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

export type WebApiSettings = {
  /** Asked for before each call, so that a token that was changed is used. */
  token: () => Promise<string>;
  /** With or without a slash at its end; Slack's own where absent. */
  apiUrl?: string | undefined;
  /** Waits between tries; a test passes one that does not. */
  pause?: (ms: number) => Promise<void>;
};

/**
 * Slack's Web API. Two or three tries within about ten seconds; a longer `Retry-After` is left to whoever calls again.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export const createSlack = ({ token, apiUrl, pause = setTimeout }: WebApiSettings): Slack => {
  const options: WebClientOptions = {
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
    logger: silentLogger,
    // The client's own way with a rate limit is to sleep as long as Slack says, with no bound; its own retries last
    // half an hour.
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: 2_500,
    allowAbsoluteUrls: false,
  };
  let last: { token: string; client: WebClient } | undefined;
  const clientNow = async (): Promise<WebClient> => {
    const now = await token();
    if (last?.token !== now) last = { token: now, client: new WebClient(now, options) };
    return last.client;
  };

  const call = async <T>(method: string, run: () => Promise<T>): Promise<T> =>
    patiently(run, pause).catch((cause: unknown) => {
      throw unavailable(method, cause);
    });
  /** The first answer whose list has Slack's error in it, in place of the error. */
  const settled = async <T, A extends string>(
    method: string,
    run: (round: number) => Promise<T>,
    meaning: Readonly<Record<A, readonly string[]>>,
    tries?: number,
  ): Promise<T | A> => {
    try {
      return await patiently(run, pause, tries);
    } catch (cause) {
      const name = platformError(cause);
      const known = (Object.keys(meaning) as A[]).find(
        (answer) => name !== undefined && meaning[answer].includes(name),
      );
      if (known !== undefined) return known;
      throw unavailable(method, cause);
    }
  };

  return {
    post: (to, { text, blocks }, { threadTs, broadcast = false, key } = {}) => {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs, reply_broadcast: broadcast };
      return settled(
        'chat.postMessage',
        async (round) => {
          // A try that failed may have posted all the same: a timeout says nothing.
          const earlier =
            round > 1 && key !== undefined
              ? await findIn(await clientNow(), to, key).catch(() => undefined)
              : undefined;
          if (earlier) return earlier;
          const client = await clientNow();
          const { channel, ts } = await client.chat.postMessage({
            channel: to,
            text,
            blocks,
            unfurl_links: false,
            unfurl_media: false,
            ...thread,
            ...(key !== undefined && { metadata: { event_type: eventType, event_payload: { key } } }),
          });
          return { channel: channel ?? to, ts: ts ?? '' };
        },
        { 'no-channel': noChannel },
        2,
      );
    },
    update: (posted, message) =>
      settled(
        'chat.update',
        async () => {
          await (await clientNow()).chat.update({ ...posted, ...message });
          return 'updated' as const;
        },
        { 'no-message': noMessage, 'no-channel': noChannel },
      ),
    find: async (to, key) => {
      try {
        return await patiently(async () => findIn(await clientNow(), to, key), pause);
      } catch (cause) {
        if (isMissingMethod(cause)) return undefined;
        throw unavailable('conversations.history', cause);
      }
    },
    tell: (channel, user, { text, blocks }) =>
      settled(
        'chat.postEphemeral',
        async () => {
          await (await clientNow()).chat.postEphemeral({ channel, user, text, blocks });
          return 'told' as const;
        },
        { 'no-channel': noChannel },
      ),
    openModal: (triggerId, view) =>
      call('views.open', async () => {
        await (await clientNow()).views.open({ trigger_id: triggerId, view });
      }),
  };
};

/** Looks through the newest messages: a crash is minutes ago, not weeks. */
const findIn = async (client: WebClient, to: string, key: string): Promise<PostedMessage | undefined> => {
  // The history of direct messages is asked for by the conversation's id, not the person's.
  const channel = /^[UW]/.test(to) ? (await client.conversations.open({ users: to })).channel?.id : to;
  if (channel === undefined) return undefined;
  const { messages = [] } = await client.conversations.history({ channel, include_all_metadata: true, limit: 200 });
  const found = messages.find(({ metadata }) => {
    const payload = metadata?.event_payload as { key?: unknown } | undefined;
    return metadata?.event_type === eventType && payload?.key === key;
  });
  return found?.ts === undefined ? undefined : { channel, ts: found.ts };
};

const platformError = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError ? error.data.error : undefined;

/** Slack, or what stands in for it, does not let us look: a scope is missing, or the method is not there. */
const isMissingMethod = (error: unknown): boolean =>
  platformError(error) !== undefined ||
  (error instanceof WebAPIHTTPError && [404, 405, 501].includes(error.statusCode));

const unavailable = (method: string, cause: unknown): DaypassError => {
  const name = platformError(cause);
  if (name !== undefined) {
    return new DaypassError(
      'SlackUnavailable',
      `Slack refused ${method}: ${name}. Look it up at docs.slack.dev/reference/methods/${method}`,
      { cause },
    );
  }
  if (cause instanceof WebAPIRateLimitedError) {
    return new DaypassError(
      'SlackUnavailable',
      `Slack takes no more ${method} for ${cause.retryAfter} s. Try again then.`,
      { cause },
    );
  }
  const how = cause instanceof WebAPIHTTPError ? `answered with HTTP ${cause.statusCode}` : 'could not be reached';
  return new DaypassError('SlackUnavailable', `Slack ${how} for ${method}. Try again in a moment.`, { cause });
};
