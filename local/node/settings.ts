import { regionProblem } from '#core/aws-region.ts';

/** Which Slack is talked to, and how it reaches us. */
export type SlackSettings =
  | { kind: 'workspace' }
  | { kind: 'http'; apiUrl: string; botToken: string; signingSecret: string }
  | { kind: 'socket'; apiUrl: string; botToken: string; appToken: string };

/** What is said about the real AWS; undefined where everything stays in the embedded one. */
export type RealAwsSettings = {
  /** Where event histories are read. */
  regions: readonly string[];
  trailEverySec: number;
  /** Somebody answers for this machine having no other users: the database may then stay reachable on its loopback. */
  trustMachine: boolean;
};

export type NodeOptions = {
  aws: string;
  regions?: string | undefined;
  'trail-every'?: string | undefined;
  'trust-machine': boolean;
  url?: string | undefined;
  ephemeral: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

const slackItself = 'https://slack.com/api/';
const botTokenUnset = 'xoxb-not-set';
const usEast1 = 'us-east-1';

/** Those that every account has enabled: docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html */
const defaultRegions: readonly string[] = [
  ...[usEast1, 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'],
  ...['ap-south-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2'],
];

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Tokens and credentials go there, so it is TLS or this machine itself. */
const safeUrl = (text: string, name: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))) return text;
  throw new Error(`${name} is "${text}". It must begin with https://, or with http:// and be on this machine.`);
};

const socketSettings = (appToken: string, env: Environment): SlackSettings => {
  if (!appToken.startsWith('xapp-')) {
    throw new Error(
      'SLACK_APP_TOKEN does not begin with xapp-. It is the app-level token with the scope connections:write: Slack app, Basic Information, App-Level Tokens.',
    );
  }
  const botToken = env.SLACK_BOT_TOKEN ?? '';
  if (!botToken.startsWith('xoxb-')) {
    throw new Error(
      `SLACK_APP_TOKEN is set and SLACK_BOT_TOKEN ${botToken === '' ? 'is not' : 'does not begin with xoxb-'}. Set it to the Bot User OAuth Token: Slack app, OAuth & Permissions.`,
    );
  }
  if (env.SLACK_SIGNING_SECRET) {
    throw new Error(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set. Keep the first for Socket Mode, or the second for an app that Slack reaches over HTTP.',
    );
  }
  return { kind: 'socket', appToken, botToken, apiUrl: safeUrl(env.SLACK_API_URL || slackItself, 'SLACK_API_URL') };
};

/** Throws an Error that says what is missing. */
export const readSlack = (env: Environment): SlackSettings => {
  if (env.SLACK_APP_TOKEN) return socketSettings(env.SLACK_APP_TOKEN, env);
  if (!env.SLACK_API_URL) return { kind: 'workspace' };
  if (!env.SLACK_SIGNING_SECRET) {
    throw new Error(
      'SLACK_API_URL is set and SLACK_SIGNING_SECRET is not. Set it to the signing secret of the Slack app, or set SLACK_APP_TOKEN for Socket Mode.',
    );
  }
  return {
    kind: 'http',
    apiUrl: env.SLACK_API_URL,
    botToken: env.SLACK_BOT_TOKEN || botTokenUnset,
    signingSecret: env.SLACK_SIGNING_SECRET,
  };
};

const regionsOf = (text: string | undefined): readonly string[] => {
  if (text === undefined) return defaultRegions;
  const named = text.split(',').map((region) => region.trim());
  const wrong = named.map(regionProblem).find((problem) => problem !== undefined);
  if (wrong !== undefined) throw new Error(`--regions takes names like us-east-1,eu-west-1. ${wrong}`);
  // IAM and the global endpoint of STS are seen there and nowhere else.
  return [...new Set([usEast1, ...named])];
};

const everySecOf = (text: string | undefined): number => {
  const sec = Number(text ?? '60');
  if (Number.isInteger(sec) && sec >= 1 && sec <= 900) return sec;
  throw new Error(`--trail-every takes seconds from 1 to 900, not "${text}".`);
};

/** Throws an Error that says which combination cannot be, and what to do. */
export const readRealAws = (options: NodeOptions, slack: SlackSettings): RealAwsSettings | undefined => {
  const { aws, regions, 'trail-every': trailEvery, 'trust-machine': trustMachine, ephemeral } = options;
  if (aws !== 'real') {
    if (aws !== 'embedded') throw new Error(`--aws takes "embedded" or "real", not "${aws}".`);
    if (regions !== undefined || trailEvery !== undefined || trustMachine) {
      throw new Error('--regions, --trail-every and --trust-machine go with --aws real. Add it, or leave them out.');
    }
    return undefined;
  }
  if (slack.kind === 'workspace') {
    throw new Error(
      '--aws real needs real approvals: in the built-in workspace anybody may act as anybody. Set SLACK_APP_TOKEN and SLACK_BOT_TOKEN for Socket Mode.',
    );
  }
  if (slack.botToken === botTokenUnset) {
    throw new Error('--aws real needs SLACK_BOT_TOKEN: the Bot User OAuth Token of the Slack app.');
  }
  if (ephemeral) {
    throw new Error(
      '--aws real cannot be --ephemeral: a node that forgets its grants cannot end them. Leave --ephemeral out.',
    );
  }
  safeUrl(slack.apiUrl, 'SLACK_API_URL');
  return { regions: regionsOf(regions), trailEverySec: everySecOf(trailEvery), trustMachine };
};

/** How many proxies each request passes, of which each adds to X-Forwarded-For who called it. */
export const readTrustedProxies = (text: string | undefined): number => {
  const count = Number(text ?? '0');
  if (Number.isInteger(count) && count >= 0 && count <= 10) return count;
  throw new Error(`--trusted-proxies takes how many proxies of yours stand in front, from 0 to 10, not "${text}".`);
};

/** The address under which people reach the API. */
export const readPublicUrl = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : safeUrl(url, '--url').replace(/\/+$/, '');
