import type { Method } from '#slack/scopes.ts';
import { type Answered, ask } from './http.ts';

/** What Slack's Web API answered, and the headers of it that matter here. */
export type SlackAnswer = Answered & {
  ok: boolean;
  /** Slack's own word, for example `invalid_auth`; `http-404` where it was no answer of Slack's. */
  error: string;
  /** What the token may do; undefined where Slack did not say. */
  scopes: readonly string[] | undefined;
  members: Readonly<Record<string, unknown>>;
};

export type CallSlack = (
  method: Method,
  args: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<SlackAnswer>;

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** Calls with the bot token. `apiUrl` ends with a slash. Throws where nothing answers. */
export const slackCaller =
  (apiUrl: string, token: string, nowMs: () => number): CallSlack =>
  async (method, args, signal) => {
    const answered = await ask(
      new URL(method, apiUrl),
      { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: new URLSearchParams(args), signal },
      nowMs,
    );
    const members = parsed(answered.body);
    const { ok, error } = members;
    return {
      ...answered,
      ok: ok === true,
      error: typeof error === 'string' ? error : `http-${answered.status}`,
      scopes: answered.headers
        .get('x-oauth-scopes')
        ?.split(/\s*,\s*/)
        .filter((scope) => scope !== ''),
      members,
    };
  };

export type ChannelFacts =
  | { found: true; name: string; isArchived: boolean; isMember: boolean }
  | { found: false; error: string };

export const channelFacts = async (call: CallSlack, channel: string, signal: AbortSignal): Promise<ChannelFacts> => {
  const { ok, error, members } = await call('conversations.info', { channel }, signal);
  if (!ok) return { found: false, error };
  const { name, is_archived, is_member } = (members.channel ?? {}) as Readonly<Record<string, unknown>>;
  return { found: true, name: String(name), isArchived: is_archived === true, isMember: is_member === true };
};
