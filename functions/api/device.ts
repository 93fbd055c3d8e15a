import * as z from 'zod/mini';
import { cut } from '#core/clip.ts';
import { codeLivesSec, pollIntervalSec, tokenLivesSec } from '#core/login/login.ts';
import type { Answer } from '#functions/http/answer.ts';
import { bearerOf } from '#functions/http/authenticate.ts';
import { parseBody } from '#functions/http/body.ts';
import { inCalls } from '#functions/http/next-step.ts';
import { redeemLogin } from '#usecases/login/redeem-login.ts';
import { revokeLogin } from '#usecases/login/revoke-login.ts';
import { startLogin } from '#usecases/login/start-login.ts';
import type { PersonalRun, Run } from './route.ts';

/** https://www.rfc-editor.org/rfc/rfc8628 section 3.4 */
const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** RFC 6749, section 5.2. */
const oauthError = (error: string, description: string, status = 400): Answer => ({
  status,
  body: { error, error_description: description },
  headers: noStore,
});

/** A body that cannot be read, in the words of OAuth. */
const invalidRequest = ({ status, body }: Answer): Answer => {
  const { error } = body as { error: { message: string; next: string } };
  return oauthError('invalid_request', `${error.message} ${error.next}`, status);
};

/** What a program says of itself is shown to a person who decides by it: one short line, nothing invisible. */
const shown = (text = ''): string | undefined => cut(text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim(), 60) || undefined;

const authorizeBody = z.object({ client_id: z.optional(z.string()), host: z.optional(z.string()) });

export const authorize: Run = async ({ event, url }, ports) => {
  const body = parseBody(event, 'form-or-json', authorizeBody);
  if (!body.ok) return invalidRequest(body.problem);
  const host = shown(body.value.host);
  const { sourceIp } = event.requestContext.http;
  const askedFrom = {
    ...(sourceIp !== '' && { ip: sourceIp }),
    program: shown(body.value.client_id) ?? 'a program without a name',
    ...(host !== undefined && { host }),
  };
  const begun = await startLogin({ askedFrom }, ports);
  if (!begun.ok) {
    const { message, next } = begun.refusal;
    return oauthError('temporarily_unavailable', `${message} ${inCalls(next)}`, 429);
  }
  const { login, deviceCode } = begun.value;
  const answer = {
    device_code: deviceCode,
    user_code: login.userCode,
    verification_uri: `${url}/device`,
    expires_in: codeLivesSec,
    interval: pollIntervalSec,
  };
  return { status: 200, body: answer, headers: noStore };
};

const tokenBody = z.object({
  grant_type: z.optional(z.string()),
  device_code: z.optional(z.string().check(z.maxLength(256))),
});

export const token: Run = async ({ event }, ports) => {
  const body = parseBody(event, 'form-or-json', tokenBody);
  if (!body.ok) return invalidRequest(body.problem);
  if (body.value.grant_type === undefined) return oauthError('invalid_request', 'grant_type is missing.');
  if (body.value.grant_type !== grantType)
    return oauthError('unsupported_grant_type', `grant_type must be ${grantType}.`);
  if (!body.value.device_code) return oauthError('invalid_request', 'device_code is missing.');
  const redemption = await redeemLogin({ deviceCode: body.value.device_code }, ports);
  switch (redemption.state) {
    case 'redeemed': {
      const answer = { access_token: redemption.token, token_type: 'Bearer', expires_in: tokenLivesSec };
      return { status: 200, body: answer, headers: noStore };
    }
    case 'waiting':
      return oauthError('authorization_pending', 'Nobody has confirmed the login in Slack yet.');
    case 'too-soon':
      return oauthError('slow_down', 'Polled too soon. Wait 5 seconds longer between polls from now on.');
    case 'expired':
      return oauthError('expired_token', 'The code has expired. Start the login again.');
    case 'denied':
      return oauthError('access_denied', 'The login was denied in Slack.');
    case 'invalid':
      return oauthError('invalid_grant', 'The device code is not known, or its token was handed out already.');
  }
};

const revokeBody = z.object({ token: z.optional(z.string().check(z.maxLength(256))) });

/** Logout in the manner of RFC 7009: revokes the token in the body, or the one that the call itself carries. */
export const revoke: PersonalRun = async ({ event }, ports) => {
  const body = parseBody(event, 'form-or-json', revokeBody);
  if (!body.ok) return invalidRequest(body.problem);
  const token = body.value.token ?? bearerOf(event);
  if (token) await revokeLogin({ token }, ports);
  return { status: 200, body: {}, headers: noStore };
};
