import type { ReceiverEvent } from '@slack/bolt';
import { sha256 } from '#core/sha256.ts';
import type { Reply, ReplyStore } from '#ports/reply-store.ts';
import { loggable } from '#slack/listeners/gate.ts';
import type { SlackPorts } from '#slack/ports.ts';
import { claimWithin } from './claim.ts';
import type { SignedMark } from './guard.ts';
import type { HttpAnswer } from './http.ts';
import { apologyFor, handledElsewhere } from './ingress-words.ts';

type Process = (event: ReceiverEvent) => Promise<void>;

/** What the receiver knows of an envelope beside its payload. */
export type Envelope = { envelopeId: string; kind: string };

/** Slack waits 3 s for the acknowledgement: https://docs.slack.dev/apis/events-api/using-socket-mode */
const patienceMs = 2_500;

const replyOf = (response: unknown): Reply => {
  if (response === undefined || response === '') return { status: 200, contentType: 'text/plain', body: '' };
  const body = JSON.stringify(typeof response === 'string' ? { text: response } : response);
  return { status: 200, contentType: 'application/json', body };
};
const toReply = ({ status, headers, body }: HttpAnswer): Reply => ({
  status,
  contentType: headers['content-type'] ?? 'text/plain',
  body,
});

/** The payload as Slack would have posted it, for the words that are chosen by it. */
const formOf = ({ kind }: Envelope, body: ReceiverEvent['body']): string =>
  kind === 'slash_commands'
    ? new URLSearchParams({ command: String(body.command ?? '') }).toString()
    : new URLSearchParams({ payload: JSON.stringify(body) }).toString();

/**
 * One trigger is one thing that one person did, so it names the payload also in a second envelope; the envelope's own
 * id does where there is no trigger.
 */
const seedOf = ({ envelopeId }: Envelope, { trigger_id: trigger }: ReceiverEvent['body']): string =>
  typeof trigger === 'string' && trigger !== '' ? `trigger:${trigger}` : `envelope:${envelopeId}`;

/**
 * Stands before Bolt as the ingress does over HTTP: the same payload again gets the same words and has no second
 * effect, and Slack has an answer in time. That it is Slack who speaks, the connection says: it was asked for with the
 * app's own token. `firstSeenMs` keeps when a payload came first, for the ids that are made of it. Never rejects.
 */
export const socketGuard = (
  deps: Pick<SlackPorts, 'clock' | 'log' | 'pause'> & {
    replies: ReplyStore;
    firstSeenMs: (key: string, nowMs: number) => number;
  },
) => {
  const { replies, clock, log, pause, firstSeenMs } = deps;

  /** Sends one answer and no second one. What is not 200 is not acknowledged: Slack then marks the button. */
  const answering = (ack: ReceiverEvent['ack']) => {
    let answered = false;
    return async ({ status, body, contentType }: Reply): Promise<void> => {
      if (answered || status !== 200) return;
      answered = true;
      const words = contentType === 'application/json' ? (JSON.parse(body) as Record<string, unknown>) : undefined;
      await Promise.resolve(ack(words)).catch((error: unknown) => {
        log.warn('An answer could not be sent to Slack: the connection is gone.', loggable(error));
      });
    };
  };

  return async (event: ReceiverEvent, envelope: Envelope, process: Process): Promise<void> => {
    const form = formOf(envelope, event.body);
    const answer = answering(event.ack);
    const nowMs = clock.nowMs();
    const isEvent = envelope.kind === 'events_api';
    // Nobody waits for words about an event, and what is not acknowledged comes again.
    if (!isEvent) void pause(patienceMs).then(() => answer(toReply(handledElsewhere(form))));
    try {
      const seed = seedOf(envelope, event.body);
      const key = sha256(seed);
      const claimed = await claimWithin(patienceMs, key, { replies, pause });
      if (claimed.state !== 'mine') {
        return await answer(claimed.state === 'answered' ? claimed.reply : toReply(handledElsewhere(form)));
      }
      const signed: SignedMark = { signedAtMs: firstSeenMs(key, nowMs), seed };
      const keep = async (response: unknown): Promise<void> => {
        const reply = replyOf(response);
        // The work is done: that its answer could not be kept must not make it look undone.
        await replies.keep(key, reply).catch((error: unknown) => {
          log.warn('The answer to a Slack request could not be kept.', loggable(error));
        });
        await answer(reply);
      };
      const given = { ...event, customProperties: { ...event.customProperties, signed } };
      if (!isEvent) return await process({ ...given, ack: keep });
      // Bolt acknowledges an event before it is handled. One that could not be is to come again.
      await process({ ...given, ack: async () => {} });
      await keep(undefined);
    } catch (error) {
      log.error('A Slack request could not be handled.', loggable(error));
      await answer(toReply(apologyFor(form)));
    }
  };
};
