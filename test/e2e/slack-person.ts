import { createHmac } from 'node:crypto';
import type { Block, Message } from './slack-stand-in.ts';

export const signingSecret = 'e2e-signing-secret';

export type SlackAnswer = { status: number; text: string; body: Record<string, unknown> };

/** Signs as Slack documents it: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signed = (body: string, atMs: number, secret = signingSecret): Record<string, string> => {
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
};

export const send = async (appUrl: string, body: string, headers: Record<string, string>): Promise<SlackAnswer> => {
  const response = await fetch(`${appUrl}/slack/events`, { method: 'POST', body, headers });
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, text, body: parsed as Record<string, unknown> };
};

let triggers = 0;

const responseUrl = 'http://127.0.0.1:9/unused';

export const commandBody = (userId: string, text: string): string =>
  new URLSearchParams({
    team_id: 'T0DAYPASS',
    team_domain: 'daypass',
    channel_id: 'C0ACCESS',
    channel_name: 'access',
    user_id: userId,
    user_name: userId.slice(2).toLowerCase(),
    command: '/access',
    text,
    api_app_id: 'A0DAYPASS',
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: `${++triggers}.1.e2e`,
  }).toString();

/** The first button of a message whose label starts like this. */
export const buttonOf = (blocks: readonly Block[], label: string) => {
  for (const block of blocks) {
    const element = block.elements?.find((each) => each.type === 'button' && each.text?.text.startsWith(label));
    if (element) return { block_id: block.block_id, ...element };
  }
  throw new Error(`There is no button ${label} among: ${JSON.stringify(blocks)}`);
};

export const clickBody = (
  userId: string,
  message: Pick<Message, 'channel' | 'ts' | 'text' | 'blocks'>,
  label: string,
): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      team: { id: 'T0DAYPASS', domain: 'daypass' },
      user: { id: userId, username: userId.slice(2).toLowerCase(), team_id: 'T0DAYPASS' },
      api_app_id: 'A0DAYPASS',
      container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false },
      trigger_id: `${++triggers}.1.e2e`,
      channel: { id: message.channel, name: 'access' },
      message: { type: 'message', ts: message.ts, text: message.text, blocks: message.blocks },
      response_url: responseUrl,
      actions: [{ ...buttonOf(message.blocks, label), action_ts: '1700000000.000001' }],
    }),
  }).toString();

/** The click on Confirm in what `/access login CODE` was answered with. */
export const confirmBody = (userId: string, { body }: SlackAnswer): string =>
  clickBody(userId, { channel: 'C0ACCESS', ts: '1.1', text: '', blocks: (body.blocks ?? []) as Block[] }, 'Confirm');

/** What a modal sends when it is submitted; `values` are by block id, then action id. */
export const submissionBody = (
  userId: string,
  view: Record<string, unknown>,
  values: Record<string, Record<string, unknown>>,
): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'view_submission',
      team: { id: 'T0DAYPASS', domain: 'daypass' },
      user: { id: userId, username: userId.slice(2).toLowerCase(), team_id: 'T0DAYPASS' },
      api_app_id: 'A0DAYPASS',
      trigger_id: `${++triggers}.1.e2e`,
      view: { id: 'V1', team_id: 'T0DAYPASS', hash: '1.h', ...view, state: { values } },
      response_urls: [],
    }),
  }).toString();
