import type { KnownBlock, ModalView } from '@slack/types';
import { jsonAnswer, type Received, type Running } from './running-workspace.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });

const form: ModalView = {
  type: 'modal',
  callback_id: 'ask',
  title: plain('Ask for access'),
  submit: plain('Ask'),
  blocks: [
    {
      type: 'input',
      block_id: 'what',
      label: plain('What'),
      element: {
        type: 'static_select',
        action_id: 'x',
        options: ['orders-read', 'orders-admin'].map((value) => ({ text: plain(value), value })),
      },
    },
    { type: 'input', block_id: 'why', label: plain('Why'), element: { type: 'plain_text_input', action_id: 'x' } },
    {
      type: 'input',
      block_id: 'ticket',
      optional: true,
      label: plain('Ticket'),
      element: { type: 'plain_text_input', action_id: 'x' },
    },
  ],
};

/** A request's card, as the app posts it. */
export const card = (why: string): KnownBlock[] => [
  { type: 'header', text: plain('orders-admin for Alice') },
  { type: 'section', text: { type: 'mrkdwn', text: `<@U0ALICE> asks: ${why}` } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), style: 'primary', value: '01R' },
      {
        type: 'button',
        action_id: 'deny',
        text: plain('Deny'),
        style: 'danger',
        confirm: {
          title: plain('Deny this?'),
          text: plain('Alice is told.'),
          confirm: plain('Deny it'),
          deny: plain('Keep'),
        },
      },
    ],
  },
];

/** What was filled in, from a submitted form. */
export const filledIn = (payload: Record<string, unknown>, block: string, key: string): unknown => {
  const view = payload.view as { state: { values: Record<string, Record<string, Record<string, unknown>>> } };
  return view.state.values[block]?.x?.[key];
};

/** What the small app does: a form for `/access`, a card for a filled form, the outcome for a decision. */
export const smallApp = (workspace: Running) => async (received: Received) => {
  const { client } = workspace;
  const { form: fields, payload } = received;
  if (fields.get('text') === 'help')
    return jsonAnswer({ text: 'Type */access* and choose. <https://example.com|More>' });
  if (fields.has('command')) {
    await client.views.open({ trigger_id: String(fields.get('trigger_id')), view: form });
    return {};
  }
  if (payload.type === 'view_submission') {
    if (filledIn(payload, 'why', 'value') === 'because')
      return jsonAnswer({ response_action: 'errors', errors: { why: 'Say what for.' } });
    const why = String(filledIn(payload, 'why', 'value'));
    await client.chat.postMessage({ channel: 'C0ACCESS', text: 'Alice asks for orders-admin', blocks: card(why) });
    return {};
  }
  const { message, user, actions } = payload as {
    message: { ts: string };
    user: { id: string };
    actions: { action_id: string }[];
  };
  if (user.id === 'U0ALICE') {
    const text = 'You cannot approve your own request. Ask <@U0BOB>.';
    await client.chat.postEphemeral({ channel: 'C0ACCESS', user: user.id, text });
    return {};
  }
  const outcome = actions[0]?.action_id === 'approve' ? 'Approved' : 'Denied';
  const blocks: KnownBlock[] = [{ type: 'section', text: { type: 'mrkdwn', text: `*${outcome}* by <@${user.id}>` } }];
  await client.chat.update({ channel: 'C0ACCESS', ts: message.ts, text: outcome, blocks });
  await client.chat.postMessage({ channel: 'U0ALICE', text: `${outcome}: \`daypass exec orders-admin\`` });
  return {};
};
