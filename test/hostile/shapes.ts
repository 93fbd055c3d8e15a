import { actions } from '#slack/render/buttons.ts';
import { modals } from '#slack/render/modals.ts';
import type { Stage } from './stage.ts';

// The shapes are those of https://docs.slack.dev/reference/interaction-payloads (block_actions, view), of
// https://docs.slack.dev/interactivity/implementing-slash-commands and of https://docs.slack.dev/apis/events-api

/** Who a payload says has sent it. */
export type Sender = { slackId: string; team: string; home: string; enterprise?: string };

/** What Slack could send: a form's fields, or JSON. */
export type Shape = { name: string; form: boolean; make: (sender: Sender) => Record<string, unknown> };

const common = ({ slackId, team, home, enterprise }: Sender) => ({
  team: { id: team, domain: 'daypass', ...(enterprise !== undefined && { enterprise_id: enterprise }) },
  user: { id: slackId, username: 'somebody', name: 'somebody', team_id: home },
  api_app_id: 'A0DAYPASS',
  token: 'unused',
  enterprise: enterprise === undefined ? null : { id: enterprise, name: 'an organisation' },
  is_enterprise_install: false,
  trigger_id: '1795342800.1.abc',
});
/** Nobody listens there. */
const responseUrl = 'http://127.0.0.1:9/actions/T0DAYPASS/1/abc';

const click = (action: string, value: string, channel: string): Shape => ({
  name: `click ${action}`,
  form: false,
  make: (sender) => ({
    type: 'block_actions',
    ...common(sender),
    container: { type: 'message', message_ts: '1795342800.000001', channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'access' },
    message: { type: 'message', ts: '1795342800.000001', user: 'U0DAYPASS', text: 'A card', blocks: [] },
    state: { values: {} },
    response_url: responseUrl,
    actions: [
      {
        ...{ type: 'button', action_id: action, block_id: 'request', value, action_ts: '1795342801.000002' },
        text: { type: 'plain_text', text: 'Press', emoji: true },
      },
    ],
  }),
});

const submission = (callbackId: string, metadata: string, values: Record<string, object>): Shape => ({
  name: `submit ${callbackId}`,
  form: false,
  make: (sender) => ({
    type: 'view_submission',
    ...common(sender),
    view: {
      ...{ id: 'V1', team_id: sender.team, app_id: 'A0DAYPASS', bot_id: 'B1', type: 'modal', hash: '1795342800.abc' },
      ...{ callback_id: callbackId, private_metadata: metadata, external_id: '', root_view_id: 'V1' },
      ...{ previous_view_id: null, app_installed_team_id: sender.team, clear_on_close: false, notify_on_close: false },
      blocks: [],
      state: { values },
    },
    response_urls: [],
  }),
});

const command = (text: string): Shape => ({
  name: `command ${text.split(' ')[0]}`,
  form: true,
  make: ({ slackId, team, enterprise }) => ({
    token: 'unused',
    team_id: team,
    team_domain: 'daypass',
    ...(enterprise !== undefined && { enterprise_id: enterprise, enterprise_name: 'an organisation' }),
    channel_id: 'C0ACCESS',
    channel_name: 'access',
    user_id: slackId,
    user_name: 'somebody',
    command: '/access',
    text,
    api_app_id: 'A0DAYPASS',
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: '1795342800.1.abc',
  }),
});

const change = (flag: string): Shape => ({
  name: `event user_change ${flag}`,
  form: false,
  make: ({ slackId, team }) => ({
    type: 'event_callback',
    token: 'unused',
    team_id: team,
    api_app_id: 'A0DAYPASS',
    event: {
      type: 'user_change',
      user: { id: slackId, team_id: team, name: 'somebody', deleted: false, is_bot: false, [flag]: true },
      cache_ts: 1_795_342_800,
      event_ts: '1795342800.000001',
    },
    event_id: 'Ev0CHANGE01',
    event_time: 1_795_342_800,
    authorizations: [{ enterprise_id: null, team_id: team, user_id: 'U0DAYPASS', is_bot: true }],
  }),
});

const typed = (value: string) => ({ value: { type: 'plain_text_input', value } });
const reason = typed('INC-42 is fixed');

/** One or more of everything that Slack can send us, with real ids. */
export const slackShapes = ({ ids }: Stage): Shape[] => {
  const values: Record<keyof typeof actions, readonly string[]> = {
    approve: [ids.waiting, ids.halfway, ids.ofBob],
    deny: [ids.waiting, ids.ofBob],
    cancel: [ids.waiting, ids.ofBob],
    done: [ids.live, ids.liveOfBob],
    extend: [ids.live, ids.liveOfBob],
    revoke: [ids.live, ids.extending],
    approveExtension: [ids.extension, ids.extensionOfBob],
    denyExtension: [ids.extension, ids.extensionOfBob],
    confirmLogin: [ids.userCode],
    denyLogin: [ids.userCode],
    endLogin: [ids.loginOfAlice, ids.loginOfBob],
    revokeAlert: [ids.alert, ids.otherAlert],
    expectAlert: [ids.alert, ids.otherAlert],
    showAlert: [ids.alert],
  };
  const clicks = (Object.keys(values) as (keyof typeof actions)[]).flatMap((name) =>
    values[name].map((value) => click(actions[name], value, /Alert/.test(name) ? 'C0SECURITY' : 'C0ACCESS')),
  );
  const form = {
    entitlement: { value: { type: 'static_select', selected_option: { value: 'orders-admin' } } },
    duration: typed('30m'),
    reason,
    ticket: typed('INC-42'),
  };
  const order = { nonce: ids.nonce, scope: { kind: 'person', personId: 'alice' }, told: { grants: 2 } };
  return [
    ...clicks,
    submission(modals.request, ids.nonce, form),
    submission(modals.deny, ids.waiting, { reason }),
    submission(modals.deny, ids.ofBob, { reason }),
    submission(modals.extend, ids.pair, { duration: typed('15m'), reason }),
    submission(modals.denyExtension, ids.extension, { reason }),
    submission(modals.lockdown, JSON.stringify(order), { reason }),
    submission(modals.lift, ids.lockdown, { reason }),
    ...['', 'help', 'list', 'orders-read 30m fixing INC-42', `done ${ids.live}`, 'done', `cancel ${ids.waiting}`].map(
      command,
    ),
    ...[`extend ${ids.live} 15m INC-42 takes longer`, `login ${ids.userCode}`, 'lockdown'].map(command),
    ...['lockdown person <@U0ALICE|alice> stolen', 'lockdown lift account partner all is well'].map(command),
    ...['deleted', 'is_restricted', 'is_stranger'].map(change),
  ];
};
