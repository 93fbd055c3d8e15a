import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import type { Policy } from '#core/policy/policy.ts';
import type { Clock } from '#ports/clock.ts';
import { slackManifest } from '#slack/manifest.ts';
import type { Bodies } from './bodies.ts';
import type { Directory } from './workspace/directory.ts';
import type { Machinery } from './workspace/machinery.ts';
import { createWorkspace } from './workspace/workspace.ts';

/** The Slack that the app talks to: the workspace in this process, or another one. Its secrets are in memory only. */
export type SlackSide = {
  apiUrl: string;
  botToken: string;
  signingSecret: string;
  pageUrl?: string;
  /** Answers a request for the workspace; false for any other path. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Tells open pages to look again. */
  nudge(): void;
  close(): void;
};

/** The workspace behaves as the app's manifest says, so that what does not go together shows on the laptop too. */
const manifest = slackManifest({ name: 'Daypass', transport: { kind: 'socket-mode' } });

const directoryOf = ({ slack, people }: Policy): Directory => ({
  team: { id: slack.teamId, name: 'Daypass' },
  people: people.flatMap(({ id, name, slackUserIds: [slackId], emails: [email = ''] }) =>
    slackId === undefined ? [] : [{ id: slackId, handle: id, name, email }],
  ),
  channels: [
    { id: slack.cardsChannel, name: 'access' },
    { id: slack.alertsChannel, name: 'security-alerts' },
  ],
  bot: {
    id: 'U0DAYPASS',
    botId: 'B0DAYPASS',
    appId: 'A0DAYPASS',
    name: 'Daypass',
    messagesTabReadOnly: manifest.features.app_home.messages_tab_read_only_enabled,
  },
});

/** Nobody posts to an app that is connected by Socket Mode: what would be signed with is drawn and told to nobody. */
export const externalSlack = <T extends { apiUrl: string; botToken: string }>(
  slack: T & { signingSecret?: string },
) => ({
  apiUrl: slack.apiUrl,
  botToken: slack.botToken,
  signingSecret: slack.signingSecret ?? randomBytes(32).toString('hex'),
});

export const openWorkspace = (options: {
  external?: { apiUrl: string; botToken: string; signingSecret: string };
  signingSecret?: string;
  database: () => DatabaseSync;
  clock: Clock;
  appUrl: string;
  policy: Policy;
  bodies: Bodies;
  machinery: Machinery;
}): SlackSide => {
  const { external, clock, appUrl, policy, bodies, machinery } = options;
  if (external) return { ...external, handle: async () => false, nudge: () => undefined, close: () => undefined };
  const botToken = `xoxb-${randomBytes(24).toString('hex')}`;
  const signingSecret = options.signingSecret ?? randomBytes(16).toString('hex');
  const workspace = createWorkspace({
    db: options.database(),
    clock,
    directory: directoryOf(policy),
    signingSecret,
    botToken,
    ingressUrl: () => `${appUrl}/slack/events`,
    bodies,
    machinery,
    commands: manifest.features.slash_commands.map(({ command, should_escape: shouldEscape }) => ({
      command,
      shouldEscape,
    })),
  });
  return {
    apiUrl: workspace.apiUrl(appUrl),
    botToken,
    signingSecret,
    pageUrl: `${appUrl}/workspace/`,
    handle: async (request, response) => {
      if (request.url !== '/') return workspace.handle(request, response);
      response.writeHead(302, { location: '/workspace/' }).end();
      return true;
    },
    nudge: workspace.nudge,
    close: workspace.close,
  };
};
