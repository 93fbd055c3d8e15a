import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { botScopes } from '#slack/scopes.ts';

type Channel = { name: string; is_archived: boolean; is_member: boolean };

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
};

/** As much of Slack as tells who a bot is and where it is, with all that can be wrong with that. */
export const startDoctorSlack = async (token: string) => {
  const sound = () => ({
    error: undefined as string | undefined,
    team: 'T0DAYPASS',
    scopes: [...botScopes] as string[],
    channels: {
      C0ACCESS: { name: 'access', is_archived: false, is_member: true },
      C0SECURITY: { name: 'security-alerts', is_archived: false, is_member: true },
    } as Record<string, Channel>,
  });
  let state = sound();

  const answer = (method: string, given: string | undefined, args: URLSearchParams): Record<string, unknown> => {
    if (given !== `Bearer ${token}`) return { ok: false, error: 'invalid_auth' };
    if (state.error !== undefined) return { ok: false, error: state.error };
    if (method === 'auth.test') {
      return {
        ok: true,
        team: 'Daypass',
        team_id: state.team,
        user: 'daypass',
        user_id: 'U0DAYPASS',
        bot_id: 'B0DAYPASS',
      };
    }
    const id = args.get('channel') ?? '';
    const channel = state.channels[id];
    if (method !== 'conversations.info') return { ok: false, error: 'unknown_method' };
    return channel ? { ok: true, channel: { id, ...channel } } : { ok: false, error: 'channel_not_found' };
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((args) => {
      const method = (request.url ?? '').split('/').at(-1) ?? '';
      response.setHeader('x-oauth-scopes', state.scopes.join(','));
      response.end(JSON.stringify(answer(method, request.headers.authorization, args)));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    break: (how: Partial<ReturnType<typeof sound>>): void => void Object.assign(state, how),
    mend: (): void => {
      state = sound();
    },
    stop: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};
