import { createHmac, randomUUID } from 'node:crypto';
import { slackEventsPath } from '#slack/manifest.ts';

/** When an answer came, by our clock and by the clock of who answered. */
export type Told = { theirMs: number | undefined; askedMs: number; answeredMs: number };

export type Answered = Told & { status: number; headers: Headers; body: string };

/** One request; a redirect is not followed. Throws where nothing answers. */
export const ask = async (url: URL, init: RequestInit, nowMs: () => number): Promise<Answered> => {
  const askedMs = nowMs();
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const answeredMs = nowMs();
  const theirMs = Date.parse(response.headers.get('date') ?? '');
  const body = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body,
    theirMs: Number.isNaN(theirMs) ? undefined : theirMs,
    askedMs,
    answeredMs,
  };
};

export type Health = {
  status: number;
  healthy: boolean;
  policyDigest: string | undefined;
  /** Since when the file that is in force there cannot be read, so that an older policy is; ISO 8601. */
  policyUnreadableSince: string | undefined;
  /** Our address as it is seen there; null where it is not, undefined where nothing is said of it. */
  seenFrom: string | null | undefined;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** `GET /v1/health` of the API. */
export const healthOf = async (api: string, signal: AbortSignal, nowMs: () => number): Promise<Health> => {
  const { status, body } = await ask(new URL(`${api}/v1/health`), { signal }, nowMs);
  try {
    const answer = JSON.parse(body) as Readonly<Partial<Record<keyof Health, unknown>>>;
    return {
      status,
      healthy: status === 200 && answer.status === 'ok',
      policyDigest: textOf(answer.policyDigest),
      policyUnreadableSince: textOf(answer.policyUnreadableSince),
      seenFrom: answer.seenFrom === null ? null : textOf(answer.seenFrom),
    };
  } catch {
    const nothing = { policyDigest: undefined, policyUnreadableSince: undefined, seenFrom: undefined };
    return { status, healthy: false, ...nothing };
  }
};

export type SignatureFacts = {
  /** Signed with the secret that we know. */
  signed: { status: number; body: string; echoed: boolean };
  /** The same with another signature. */
  forged: { status: number };
};

/**
 * Slack's own check of an address, which has no effect: whoever verifies the signature answers with the challenge.
 * https://docs.slack.dev/reference/events/url_verification
 */
export const signatureFacts = async (
  api: string,
  secret: string,
  signal: AbortSignal,
  nowMs: () => number,
): Promise<SignatureFacts> => {
  const challenge = randomUUID();
  const body = JSON.stringify({ type: 'url_verification', challenge });
  const timestamp = String(Math.floor(nowMs() / 1000));
  const send = (key: string): Promise<Answered> =>
    ask(
      new URL(`${api}${slackEventsPath}`),
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`,
        },
        body,
        signal,
      },
      nowMs,
    );
  const [signed, forged] = await Promise.all([send(secret), send(`not ${secret}`)]);
  return {
    signed: { status: signed.status, body: signed.body, echoed: signed.body.includes(challenge) },
    forged: { status: forged.status },
  };
};
