import { createHmac, timingSafeEqual } from 'node:crypto';
import { sha256 } from '#core/sha256.ts';

/** A request's headers as every receiver has them; names in any case, a list where a name came more than once. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export type SignatureCheck = {
  headers: Headers;
  /** The bytes as they came, before any decoding. */
  rawBody: Uint8Array;
  secret: string;
  nowMs: number;
};

export type SignatureVerdict =
  | { ok: true; signedAtMs: number; signature: string }
  /** What the operator should look at, without telling a stranger how close they were. */
  | { ok: false; because: string };

/** https://docs.slack.dev/authentication/verifying-requests-from-slack: five minutes. Held in both directions. */
const toleranceSec = 300;

/** The value of a header that came exactly once; undefined when it is missing or came twice. */
const only = (headers: Headers, name: string): string | undefined => {
  const values = Object.entries(headers).flatMap(([key, value]) =>
    key.toLowerCase() === name && value !== undefined ? value : [],
  );
  return values.length === 1 ? values[0] : undefined;
};

const refused = (because: string): SignatureVerdict => ({ ok: false, because });

/**
 * Whether Slack signed these bytes, now: `v0=` + HMAC-SHA256 of `v0:{timestamp}:{body}`, compared in constant time.
 * Bolt's own check lets timestamps from the future and other versions than `v0` pass.
 */
export const checkSignature = ({ headers, rawBody, secret, nowMs }: SignatureCheck): SignatureVerdict => {
  const timestamp = only(headers, 'x-slack-request-timestamp');
  if (timestamp === undefined || !/^\d{1,11}$/.test(timestamp)) {
    return refused('The header X-Slack-Request-Timestamp is missing, came twice or is not a number of seconds.');
  }
  const signature = only(headers, 'x-slack-signature');
  if (signature === undefined || !/^v0=[0-9a-f]{64}$/.test(signature)) {
    return refused('The header X-Slack-Signature is missing, came twice or is not of the form v0=<64 hex digits>.');
  }
  const signedAtSec = Number(timestamp);
  if (Math.abs(nowMs / 1000 - signedAtSec) > toleranceSec) {
    return refused(
      'The timestamp is more than five minutes away from this clock. Check the clocks, and send the request anew.',
    );
  }
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(rawBody).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'))) {
    return refused("The signature does not match the body. Check that Daypass was given this app's signing secret.");
  }
  return { ok: true, signedAtMs: signedAtSec * 1000, signature };
};

/** Names a signed request in the reply store. The signature itself is not kept. */
export const replyKey = (signature: string): string => sha256(signature);

/** What the request's id is made of: the same for the same signed request, whichever receiver took it. */
export type SignedMark = { signedAtMs: number; seed: string };

/** Of a request whose signature was verified; undefined where the headers are not there. */
export const signedMark = (headers: Headers): SignedMark | undefined => {
  const timestamp = only(headers, 'x-slack-request-timestamp');
  const signature = only(headers, 'x-slack-signature');
  return timestamp !== undefined && signature !== undefined
    ? { signedAtMs: Number(timestamp) * 1000, seed: signature }
    : undefined;
};
