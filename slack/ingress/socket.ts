import { SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import { slackApp } from '#slack/app.ts';
import type { SlackPorts } from '#slack/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { judgePayload } from './payload.ts';
import { type Envelope, socketGuard } from './socket-guard.ts';

export type SocketMode = {
  /**
   * Resolves once connected, or once it is clear that trying on may help. Throws a plain Error when Slack refuses the
   * token.
   */
  start(): Promise<void>;
  /** Takes nothing more; what is under way goes on. */
  stop(): Promise<void>;
};

const firstBackoffMs = 1_000;
const longestBackoffMs = 30_000;
/** How long Slack gets to say hello. */
const helloMs = 20_000;

/**
 * What Slack says where a new connection will not help: https://docs.slack.dev/reference/methods/apps.connections.open
 */
const refusals: Readonly<Record<string, string>> = {
  invalid_auth: 'it is not valid',
  not_authed: 'it is empty',
  token_revoked: 'it was revoked',
  token_expired: 'it has expired',
  account_inactive: 'the app or its workspace is not active any more',
  not_allowed_token_type: 'it is not an app-level token',
  missing_scope: 'it lacks the scope connections:write',
};

const refusalIn = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError ? refusals[error.data.error] : undefined;

/**
 * Bolt's Socket Mode receiver with the listeners of every other receiver. Connecting again is ours: Bolt's own way ends
 * the process when Slack refuses in the middle, and waits five seconds where none are needed.
 */
export const socketMode = (options: {
  appToken: string;
  apiUrl?: string;
  ports: SlackPorts;
  firstSeenMs: (key: string, nowMs: number) => number;
}): SocketMode => {
  const { appToken, apiUrl, ports, firstSeenMs } = options;
  const { log, pause } = ports;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: 10_000,
        allowAbsoluteUrls: false,
      },
    },
    customPropertiesExtractor: ({ envelope_id, type }: { envelope_id?: unknown; type?: unknown }) => ({
      envelope: { envelopeId: String(envelope_id), kind: String(type) } satisfies Envelope,
    }),
  });
  const app = slackApp(receiver, ports);
  const guard = socketGuard({ ...ports, firstSeenMs });
  const bolt = app.processEvent.bind(app);
  /** What is refused is not acknowledged, and Slack marks it as not done. */
  const process: typeof bolt = async (event) => {
    const verdict = judgePayload(event.body);
    if (verdict.do === 'handle') return bolt(event);
    if (verdict.do === 'pass-over') return event.ack();
    log.warn('What Slack sent was refused.', { because: verdict.because });
  };
  app.processEvent = (event) => guard(event, event.customProperties?.envelope as Envelope, process);

  const { client } = receiver;
  let stopped = false;
  let failures = 0;
  let whenStopped: () => void = () => undefined;
  const stopping = new Promise<void>((resolve) => {
    whenStopped = resolve;
  });

  const connect = async (): Promise<void> => {
    let late = true;
    const tooLate = pause(helloMs).then(async () => {
      if (!late) return;
      await Promise.race([client.disconnect(), pause(firstBackoffMs)]);
      throw new Error('Slack did not say hello.');
    });
    tooLate.catch(() => undefined);
    try {
      await Promise.race([receiver.start(), tooLate]);
    } finally {
      late = false;
    }
    failures = 0;
    log.info('Connected to Slack by Socket Mode.');
  };

  const backOff = (): Promise<void> => {
    failures += 1;
    return Promise.race([pause(Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1))), stopping]);
  };

  const gone = (): Promise<void> =>
    new Promise((resolve) => {
      client.once('disconnected', () => resolve());
    });

  /** Until it is connected, however often it takes. */
  const connectAgain = async (): Promise<Promise<void> | undefined> => {
    while (!stopped) {
      const closed = gone();
      try {
        await connect();
        return closed;
      } catch (error) {
        log[refusalIn(error) === undefined ? 'warn' : 'error']('Slack cannot be reached by Socket Mode; trying on.', {
          because: refusalIn(error) ?? (error instanceof Error ? error.name : 'the connection was closed'),
        });
        await backOff();
      }
    }
    return undefined;
  };

  const keepConnected = async (first: Promise<void> | undefined): Promise<void> => {
    for (let closed = first ?? (await connectAgain()); closed && !stopped; closed = await connectAgain()) {
      await closed;
      if (!stopped) log.info('The connection to Slack was closed; opening another.');
    }
  };

  return {
    start: async () => {
      const closed = gone();
      const connected = await connect().then(
        () => true,
        (error: unknown) => {
          const refusal = refusalIn(error);
          if (refusal === undefined) return false;
          throw new Error(
            `Slack does not take SLACK_APP_TOKEN: ${refusal}. Make one under Basic Information, App-Level Tokens, with the scope connections:write.`,
          );
        },
      );
      if (!connected) log.warn('Slack cannot be reached by Socket Mode; trying on.');
      void keepConnected(connected ? closed : undefined);
    },
    stop: async () => {
      stopped = true;
      whenStopped();
      await receiver.stop();
    },
  };
};
