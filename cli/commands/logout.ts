import { addressOf, failureOf, send } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { exits, Failure } from '../failure.ts';
import { readLogins, writeLogins } from '../home.ts';
import { forgetAllOf } from '../kept-credentials.ts';

/** Forgets the login and the credentials that it got here, and makes its token useless there. */
export const run = async (context: Context): Promise<void> => {
  const { current, logins } = await readLogins(context.env);
  const address = addressOf(context, current);
  await forgetAllOf(context.env, address);
  const { [address]: login, ...others } = logins;
  if (!login) {
    succeed(context, { api: address, loggedOut: false }, [`You were not logged in at ${address}.`]);
    return;
  }
  await writeLogins(context.env, { ...(current !== undefined && { current }), logins: others });
  const body = { token: login.token };
  const revoked = send(context, address, { method: 'POST', path: '/v1/device/revoke', body, token: login.token });
  const answer = await revoked.catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    const hint = `Its token was deleted here. There it ends at ${login.expiresAt}.`;
    throw new Failure(exits.upstream, error.code, `${error.message} The login could not be revoked.`, hint);
  });
  // 401: the token was useless already.
  if (answer.status >= 300 && answer.status !== 401) throw failureOf(answer);
  succeed(context, { api: address, loggedOut: true }, [`You are logged out of ${address}.`]);
};
