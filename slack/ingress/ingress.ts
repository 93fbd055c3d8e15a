import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Reply, ReplyStore } from '#ports/reply-store.ts';
import { loggable } from '#slack/listeners/gate.ts';
import { claimWithin } from './claim.ts';
import { checkSignature, replyKey } from './guard.ts';
import { admissible, type HttpAnswer, type HttpRequest, plainText } from './http.ts';
import { apologyFor, handledElsewhere } from './ingress-words.ts';

/** What answers a request that is Slack's beyond doubt. The body is text, the content type bare. */
export type Receive = (request: { headers: Readonly<Record<string, string>>; body: string }) => Promise<HttpAnswer>;

export type Ingress = {
  secret: () => Promise<string>;
  replies: ReplyStore;
  clock: Clock;
  log: Log;
  /** Waits; a test passes one that does not. */
  pause: (ms: number) => Promise<void>;
};

/** Slack waits 3 s in all. */
const patienceMs = 1_500;

/**
 * Stands before Bolt: refuses what is not Slack's, and answers the same signed request again with the same words and no
 * second effect. Never throws.
 */
export const slackIngress = (deps: Ingress, receive: Receive) => {
  const { secret, replies, clock, log, pause } = deps;

  const once = async (key: string, body: string, run: () => Promise<HttpAnswer>): Promise<HttpAnswer> => {
    const claimed = await claimWithin(patienceMs, key, { replies, pause });
    switch (claimed.state) {
      case 'answered':
        return toAnswer(claimed.reply);
      case 'busy':
        return handledElsewhere(body);
      case 'mine': {
        const answer = await run();
        // The work is done: that its answer could not be kept must not make it look undone.
        await replies.keep(key, toReply(answer)).catch((error: unknown) => {
          log.warn('The answer to a Slack request could not be kept.', loggable(error));
        });
        return answer;
      }
    }
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const admitted = admissible(request);
    if ('refused' in admitted) return admitted.refused;
    const { rawBody, body, headers } = admitted;
    try {
      const verdict = checkSignature({
        headers: request.headers,
        rawBody,
        secret: await secret(),
        nowMs: clock.nowMs(),
      });
      if (!verdict.ok) {
        log.warn('A request that Slack did not sign, or not now, was refused.', { because: verdict.because });
        return plainText(401, verdict.because);
      }
      return await once(replyKey(verdict.signature), body, () => receive({ headers, body }));
    } catch (error) {
      log.error('A Slack request could not be handled.', loggable(error));
      return apologyFor(body);
    }
  };
};

const contentTypeOf = (answer: HttpAnswer): string => answer.headers['content-type'] ?? 'text/plain';
const toReply = (answer: HttpAnswer): Reply => ({
  status: answer.status,
  contentType: contentTypeOf(answer),
  body: answer.body,
});
const toAnswer = ({ status, contentType, body }: Reply): HttpAnswer => ({
  status,
  headers: { 'content-type': contentType },
  body,
});
