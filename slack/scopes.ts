/** Why a Web API method is called, and what the bot token needs for it. */
export type MethodScopes = {
  /** All of them: what each is needed for depends on the kind of conversation, which the policy may choose. */
  scopes: readonly string[];
  /** Where Slack says so. */
  source: string;
};

/**
 * Every method of Slack's Web API that Daypass calls. `daypass doctor` alone calls `auth.test` and
 * `conversations.info`; the others are the adapter's.
 */
export const methodScopes = {
  'auth.test': { scopes: [], source: 'https://docs.slack.dev/reference/methods/auth.test' },
  'chat.postMessage': { scopes: ['chat:write'], source: 'https://docs.slack.dev/reference/methods/chat.postMessage' },
  'chat.postEphemeral': {
    scopes: ['chat:write'],
    source: 'https://docs.slack.dev/reference/methods/chat.postEphemeral',
  },
  'chat.update': { scopes: ['chat:write'], source: 'https://docs.slack.dev/reference/methods/chat.update' },
  // Public channels, private ones, direct messages. `mpim:history` is for group messages, where Daypass posts nothing.
  'conversations.history': {
    scopes: ['channels:history', 'groups:history', 'im:history'],
    source: 'https://docs.slack.dev/reference/methods/conversations.history',
  },
  'conversations.info': {
    scopes: ['channels:read', 'groups:read'],
    source: 'https://docs.slack.dev/reference/methods/conversations.info',
  },
  'conversations.open': {
    scopes: ['im:write'],
    source: 'https://docs.slack.dev/reference/methods/conversations.open',
  },
  'users.info': { scopes: ['users:read'], source: 'https://docs.slack.dev/reference/methods/users.info' },
  'views.open': { scopes: [], source: 'https://docs.slack.dev/reference/methods/views.open' },
} as const satisfies Readonly<Record<string, MethodScopes>>;

export type Method = keyof typeof methodScopes;
type MethodScope = (typeof methodScopes)[Method]['scopes'][number];

/** A slash command takes a scope of its own: https://docs.slack.dev/reference/scopes/commands */
const commandScope = 'commands';

/**
 * The one event that Slack sends us, and the scope that it takes: https://docs.slack.dev/reference/events/user_change
 */
export const accountEvent = 'user_change';
const accountScope = 'users:read';

export type BotScope = MethodScope | typeof commandScope | typeof accountScope;

/** What the bot token must be allowed, and no more, in alphabetical order. */
export const botScopes: readonly BotScope[] = [
  ...new Set<BotScope>([
    commandScope,
    accountScope,
    ...Object.values(methodScopes).flatMap<BotScope>(({ scopes }) => scopes),
  ]),
].sort();

/** The methods that fail without a scope. */
export const methodsNeeding = (scope: string): readonly string[] =>
  Object.entries(methodScopes).flatMap(([method, { scopes }]) =>
    scopes.some((needed) => needed === scope) ? [method] : [],
  );
