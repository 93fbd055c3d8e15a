import { commands } from './commands.ts';
import { accountEvent, type BotScope, botScopes } from './scopes.ts';

/** Where commands, clicks and modals go, below the app's own address. */
export const slackEventsPath = '/slack/events';

export type ManifestOptions = {
  /** What people see in Slack: at most 35 characters. */
  name: string;
  /**
   * Over HTTP: the app's address with https and without a slash at its end. Over Socket Mode Slack calls no address.
   */
  transport: { kind: 'http'; url: string } | { kind: 'socket-mode' };
};

/** The parts of an app manifest that Daypass uses: https://docs.slack.dev/reference/app-manifest */
export type SlackManifest = {
  _metadata: { major_version: 2 };
  display_information: { name: string; description: string; long_description: string; background_color: string };
  features: {
    app_home: { home_tab_enabled: false; messages_tab_enabled: true; messages_tab_read_only_enabled: false };
    bot_user: { display_name: string; always_online: false };
    slash_commands: readonly {
      command: string;
      description: string;
      usage_hint: string;
      should_escape: true;
      url?: string;
    }[];
  };
  oauth_config: { scopes: { bot: readonly BotScope[] } };
  settings: {
    interactivity: { is_enabled: true; request_url?: string };
    event_subscriptions: { request_url?: string; bot_events: readonly (typeof accountEvent)[] };
    org_deploy_enabled: false;
    socket_mode_enabled: boolean;
    token_rotation_enabled: false;
  };
};

/** https://docs.slack.dev/reference/app-manifest#display */
export const longestName = 35;

/** Slack takes 174 to 4,000 characters: https://docs.slack.dev/reference/app-manifest#display */
const longDescription = [
  'Daypass lends people AWS access for as long as they need it. Someone asks, a colleague approves with a button, and when',
  'the time is up the session is revoked. When CloudTrail shows that somebody took such a role without a grant, an alert is raised.',
  'What may be asked for, and who approves it, stands in the access policy, not in Slack.',
].join(' ');

/**
 * The Slack app as Slack creates it from a manifest, made of the commands that are listened to and the scopes of the
 * methods that are called. It subscribes to one event, by which Slack tells of people who left, and asks for no user
 * token.
 */
export const slackManifest = ({ name, transport }: ManifestOptions): SlackManifest => {
  const address = transport.kind === 'http' ? `${transport.url}${slackEventsPath}` : undefined;
  return {
    _metadata: { major_version: 2 },
    display_information: {
      name,
      description: 'AWS access for as long as you need it',
      long_description: longDescription,
      background_color: '#1f3a5f',
    },
    features: {
      // Without the Messages tab a direct message is refused with `messages_tab_disabled`. Read-only it has no field to
      // write in, and what our messages say to type, `/access login CODE` among it, is typed there.
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'daypass', always_online: false },
      slash_commands: commands.map(({ command, description, usageHint }) => ({
        command,
        description,
        usage_hint: usageHint,
        // Without it a mention arrives as the bare `@alice`, which names nobody.
        should_escape: true,
        ...(address !== undefined && { url: address }),
      })),
    },
    oauth_config: { scopes: { bot: botScopes } },
    settings: {
      interactivity: { is_enabled: true, ...(address !== undefined && { request_url: address }) },
      event_subscriptions: { ...(address !== undefined && { request_url: address }), bot_events: [accountEvent] },
      org_deploy_enabled: false,
      socket_mode_enabled: transport.kind === 'socket-mode',
      token_rotation_enabled: false,
    },
  };
};
