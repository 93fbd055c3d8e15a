import { createHmac } from 'node:crypto';
import type { Clock } from '#ports/clock.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction: an app answers within 3 s. */
const slackPatienceMs = 3000;

/** Slack's own words for what went wrong on the way to the app. */
export type Failure = 'operation_timeout' | 'dispatch_failed';
export type Answer = { ok: true; body: string; json: boolean } | { ok: false; failure: Failure };

export type Ingress = {
  /** Sends a form as Slack does, signed for this moment. Never throws: a refusal or silence is a `Failure`. */
  send(form: URLSearchParams): Promise<Answer>;
  /** The same with an event, which is JSON. Once: Slack would try three times more. */
  tell(event: object): Promise<Answer>;
};

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const sign = (signingSecret: string, timestampSec: number, body: string): string =>
  `v0=${createHmac('sha256', signingSecret).update(`v0:${timestampSec}:${body}`).digest('hex')}`;

export const createIngress = (options: {
  clock: Clock;
  signingSecret: string;
  url: () => string;
  patienceMs?: number;
}): Ingress => {
  const post = async (contentType: string, body: string): Promise<Answer> => {
    const timestampSec = Math.floor(options.clock.nowMs() / 1000);
    const headers = {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': String(timestampSec),
      'x-slack-signature': sign(options.signingSecret, timestampSec, body),
    };
    const signal = AbortSignal.timeout(options.patienceMs ?? slackPatienceMs);
    try {
      const res = await fetch(options.url(), { method: 'POST', headers, body, signal, redirect: 'manual' });
      const text = await res.text();
      if (res.status !== 200) return { ok: false, failure: 'dispatch_failed' };
      return { ok: true, body: text, json: (res.headers.get('content-type') ?? '').includes('json') };
    } catch {
      return { ok: false, failure: signal.aborted ? 'operation_timeout' : 'dispatch_failed' };
    }
  };
  return {
    send: (form) => post('application/x-www-form-urlencoded', form.toString()),
    tell: (event) => post('application/json', JSON.stringify(event)),
  };
};
