import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignature } from '#slack/ingress/guard.ts';

/** The example of Slack's own page: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const body =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const signedAtSec = 1531420618;

const check = (
  headers: Record<string, string | string[]>,
  options: { nowSec?: number; rawBody?: string; secret?: string } = {},
) =>
  checkSignature({
    headers,
    rawBody: Buffer.from(options.rawBody ?? body),
    secret: options.secret ?? secret,
    nowMs: (options.nowSec ?? signedAtSec) * 1000,
  }).ok;

const good = { 'X-Slack-Request-Timestamp': String(signedAtSec), 'X-Slack-Signature': signature };

describe('a signature', () => {
  it("of Slack's own example is accepted, however the headers are written", () => {
    expect(check(good)).toBe(true);
    expect(check({ 'x-slack-request-timestamp': String(signedAtSec), 'X-SLACK-SIGNATURE': signature })).toBe(true);
  });

  it.each([
    ['300 s old', 300, true],
    ['301 s old', 301, false],
    ['300 s in the future', -300, true],
    ['301 s in the future', -301, false],
  ])('that is %s: accepted is %3$s', (_, ageSec, accepted) => {
    expect(check(good, { nowSec: signedAtSec + ageSec })).toBe(accepted);
  });

  it.each([
    ['missing', {}],
    ['short', { 'X-Slack-Signature': signature.slice(0, -1) }],
    ['empty', { 'X-Slack-Signature': '' }],
    ['of another version', { 'X-Slack-Signature': signature.replace('v0=', 'v1=') }],
    ['in capitals', { 'X-Slack-Signature': `v0=${signature.slice(3).toUpperCase()}` }],
    ['twice in one header', { 'X-Slack-Signature': `${signature},${signature}` }],
    ['twice as a list', { 'X-Slack-Signature': [signature, signature] }],
    ['under two spellings', { 'X-Slack-Signature': signature, 'x-slack-signature': signature }],
    ['with a byte changed', { 'X-Slack-Signature': signature.replace(/.$/, '4') }],
  ])('that is %s is refused', (_, header) => {
    expect(check({ 'X-Slack-Request-Timestamp': String(signedAtSec), ...header })).toBe(false);
  });

  it.each(['', 'NaN', '1e9', '0x5b47', '-1531420618', '1531420618.5', ' 1531420618', '9'.repeat(40), 'Infinity'])(
    'with the timestamp %j is refused',
    (timestamp) => {
      const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
      const headers = { 'X-Slack-Request-Timestamp': timestamp, 'X-Slack-Signature': `v0=${digest}` };
      expect(check(headers, { nowSec: signedAtSec })).toBe(false);
    },
  );

  it('with another secret, or a body changed in one byte, is refused', () => {
    expect(check(good, { secret: `${secret}x` })).toBe(false);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 33, max: 126 }), (at, replacement) => {
        const other = body.slice(0, at) + String.fromCharCode(replacement) + body.slice(at + 1);
        expect(check(good, { rawBody: other })).toBe(other === body);
      }),
    );
  });

  it('covers bytes, not letters: the composed and the decomposed é are different bodies', () => {
    const composed = 'text=caf\u00e9';
    const digest = createHmac('sha256', secret).update(`v0:${signedAtSec}:${composed}`).digest('hex');
    const headers = { ...good, 'X-Slack-Signature': `v0=${digest}` };
    expect(check(headers, { rawBody: composed })).toBe(true);
    expect(check(headers, { rawBody: composed.normalize('NFD') })).toBe(false);
  });
});
