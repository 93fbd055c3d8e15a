import { hostname } from 'node:os';
import type { PersonView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import { toIso } from '#core/instant.ts';
import { addressOf, failureOf, send } from '../api.ts';
import type { Context } from '../context.ts';
import { plain } from '../context.ts';
import { exits, Failure } from '../failure.ts';
import { readLogins, writeLogins } from '../home.ts';
import { pause, spin } from '../pause.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

type Authorization = {
  device_code: string;
  user_code: string;
  verification_uri: string;
  expires_in: number;
  interval: number;
};

type Token = { access_token: string; expires_in: number };

/** The network may fail this often in a row while somebody is still looking for their Slack. */
const patience = 5;

const say = (context: Context, authorization: Authorization, command: string): void => {
  const { user_code, verification_uri, expires_in, interval } = authorization;
  if (context.json) {
    context.print(JSON.stringify({ event: 'code', user_code, verification_uri, command, expires_in, interval }));
    return;
  }
  context.say('To log in, type this in Slack, in any channel:');
  context.say('');
  context.say(`    ${plain(command)}`);
  context.say('');
  context.say(`It is valid for ${Math.round(expires_in / 60)} minutes. More at ${plain(verification_uri)}`);
};

/** Polls until somebody answered (RFC 8628, section 3.5). */
const awaitToken = async (context: Context, address: string, authorization: Authorization): Promise<Token> => {
  const body = { grant_type: grantType, device_code: authorization.device_code };
  let intervalSec = authorization.interval || 5;
  let failures = 0;
  for (;;) {
    await pause(context, intervalSec * 1000, 'Nobody was logged in.');
    let failure: Failure;
    try {
      const answer = await send(context, address, { method: 'POST', path: '/v1/device/token', body });
      if (answer.status === 200) return answer.body as Token;
      failure = failureOf(answer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
    }
    if (failure.exit === exits.upstream && ++failures < patience) continue;
    if (failure.code === 'slow_down') intervalSec += 5;
    else if (failure.code !== 'authorization_pending') throw endOf(failure);
    if (failure.exit !== exits.upstream) failures = 0;
  }
};

const endOf = (failure: Failure): Failure => {
  switch (failure.code) {
    case 'expired_token':
      return new Failure(
        exits.waiting,
        'expired_token',
        'Nobody confirmed the login in time.',
        `Run \`${commandName} login\` again.`,
      );
    case 'access_denied':
      return new Failure(exits.notLoggedIn, 'access_denied', 'The login was denied in Slack.');
    case 'invalid_grant':
      return new Failure(
        exits.notLoggedIn,
        'invalid_grant',
        'The code was used by another program.',
        `Run \`${commandName} login\` again.`,
      );
    default:
      return failure;
  }
};

/** Logs this machine in: shows what to type in Slack, waits for it, keeps the token in the user's own folder. */
export const run = async (context: Context): Promise<void> => {
  const saved = await readLogins(context.env).catch(() => ({ logins: {} }));
  const address = addressOf(context, 'current' in saved ? saved.current : undefined);
  const asked = await send(context, address, {
    method: 'POST',
    path: '/v1/device/authorize',
    body: { client_id: 'daypass CLI', host: hostname() },
  });
  if (asked.status !== 200) throw failureOf(asked);
  const authorization = asked.body as Authorization;
  say(context, authorization, `/access login ${authorization.user_code}`);

  const stop = spin(context, 'Waiting for you in Slack');
  const token = await awaitToken(context, address, authorization).finally(stop);
  const who = await send(context, address, { method: 'GET', path: '/v1/whoami', token: token.access_token });
  if (who.status !== 200) throw failureOf(who);
  const { id, name } = who.body as PersonView;
  const expiresAt = toIso(context.clock.nowMs() + token.expires_in * 1000);
  const logins = { ...saved.logins, [address]: { token: token.access_token, expiresAt, person: { id, name } } };
  await writeLogins(context.env, { current: address, logins });

  const data = { person: { id, name }, api: address, expiresAt };
  if (context.json) context.print(JSON.stringify({ event: 'login', ok: true, data }));
  else context.print(`You are logged in as ${plain(name)}, for ${Math.round(token.expires_in / 3600)} hours.`);
};
