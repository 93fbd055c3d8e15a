import { setTimeout } from 'node:timers/promises';
import { WebAPIHTTPError, WebClient, type WebClientOptions } from '@slack/web-api';
import type { Place, PostedMessage } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Slack, SlackMessage } from '#slack/ports.ts';
import { isSlack, standingFrom } from './account-standing.ts';
import { createPace, Limited } from './pace.ts';
import { patiently } from './patience.ts';
import { silentLogger } from './silent-logger.ts';
import { type Meaning, meaningOf, platformError } from './slack-errors.ts';
import { unavailable } from './slack-unavailable.ts';

/** Names our messages in their metadata: https://docs.slack.dev/messaging/message-metadata */
const eventType = 'daypass';

/** Whoever clicked waits, for three seconds in all. */
const hurriedMs = 1_000;

/** Of a post that a limit keeps back; a second passes between two of them. */
const triesOfAlert = 8;

export type WebApiSettings = {
  /** Asked for before each call, so that a token that was changed is used. */
  token: () => Promise<string>;
  /** With or without a slash at its end; Slack's own where absent. */
  apiUrl?: string | undefined;
  clock: Clock;
  log: Pick<Log, 'error'>;
  /** Waits between tries; a test passes one that does not. */
  pause?: (ms: number) => Promise<void>;
};

/**
 * Slack's Web API. Two or three tries within about ten seconds; a longer `Retry-After` is left to whoever calls again.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export const createSlack = ({ token, apiUrl, clock, log, pause = setTimeout }: WebApiSettings): Slack => {
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
  let last: { token: string; client: WebClient; hurried: WebClient } | undefined;
  const clients = async (): Promise<{ client: WebClient; hurried: WebClient }> => {
    const now = await token();
    if (last?.token !== now) {
      const hurried = new WebClient(now, { ...options, timeout: hurriedMs });
      last = { token: now, client: new WebClient(now, options), hurried };
    }
    return last;
  };
  const clientNow = async (): Promise<WebClient> => (await clients()).client;

  const paced = createPace(clock);
  /** The first of these meanings that Slack's error has, in place of the error. */
  const settled = async <T, A extends Meaning>(
    method: string,
    run: (round: number) => Promise<T>,
    answers: readonly A[],
    tries?: number,
  ): Promise<T | A> => {
    try {
      return await patiently(run, pause, tries);
    } catch (cause) {
      const meaning = meaningOf(cause);
      const answer = answers.find((each) => each === meaning);
      if (answer !== undefined) return answer;
      throw unavailable(method, cause);
    }
  };

  const send = async (
    to: string,
    { text, blocks }: SlackMessage,
    { threadTs, broadcast = false, key }: Place & { key?: string },
  ): Promise<PostedMessage> => {
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs, reply_broadcast: broadcast };
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
  };

  return {
    post: async (to, message, { urgency = 'notice', ...place } = {}) => {
      const { key } = place;
      // A try that failed may have posted all the same: a timeout says nothing.
      let mayBeThere = false;
      const post = (shown: SlackMessage) =>
        settled(
          'chat.postMessage',
          async () => {
            const earlier =
              mayBeThere && key !== undefined
                ? await findIn(await clientNow(), to, key).catch(() => undefined)
                : undefined;
            if (earlier) return earlier;
            return paced(`chat.postMessage ${to}`, urgency, () => send(to, shown, place)).catch((error: unknown) => {
              mayBeThere ||= !(error instanceof Limited);
              throw error;
            });
          },
          ['no-channel', 'message'],
          urgency === 'alert' ? triesOfAlert : 2,
        );
      const posted = await post(message);
      if (posted !== 'message') return posted;
      log.error('Slack refuses the blocks of a message; it is posted as plain words, without its buttons.', {
        to,
        key,
      });
      const inWords = await post({ text: message.text, blocks: [] });
      if (inWords === 'message') throw unavailable('chat.postMessage', undefined);
      return inWords;
    },
    update: (posted, message) =>
      settled(
        'chat.update',
        () =>
          paced('chat.update', 'alert', async () => {
            await (await clientNow()).chat.update({ ...posted, ...message });
            return 'updated' as const;
          }),
        ['no-message', 'no-channel'],
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
      settled('chat.postEphemeral', async () => {
        await (await clientNow()).chat.postEphemeral({ channel, user, text, blocks });
        return 'told' as const;
      }, ['no-channel']),
    standingOf: (user) =>
      settled(
        'users.info',
        () => standingFrom(async () => (await clients()).hurried.users.info({ user }), !isSlack(apiUrl)),
        [],
        1,
      ),
    openModal: (triggerId, view) =>
      settled<void, never>('views.open', async () => {
        await (await clientNow()).views.open({ trigger_id: triggerId, view });
      }, []),
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

/** Slack, or what stands in for it, does not let us look: a scope is missing, or the method is not there. */
const isMissingMethod = (error: unknown): boolean =>
  (platformError(error) !== undefined && meaningOf(error) !== 'passing') ||
  (error instanceof WebAPIHTTPError && [404, 405, 501].includes(error.statusCode));
