import { describe, expect, it } from 'vitest';
import {
  type NodeOptions,
  readPublicUrl,
  readRealAws,
  readSlack,
  readTrustedProxies,
  type SlackSettings,
} from '#local/node/settings.ts';

const socketEnv = { SLACK_APP_TOKEN: 'xapp-1-a', SLACK_BOT_TOKEN: 'xoxb-1' };
const socket: SlackSettings = {
  kind: 'socket',
  appToken: 'xapp-1-a',
  botToken: 'xoxb-1',
  apiUrl: 'https://slack.com/api/',
};
const options = (more: Partial<NodeOptions> = {}): NodeOptions => ({
  aws: 'real',
  'trust-machine': false,
  ephemeral: false,
  ...more,
});

describe('which Slack', () => {
  it('is the built-in workspace where nothing is set', () => {
    expect(readSlack({})).toEqual({ kind: 'workspace' });
    expect(readSlack({ SLACK_SIGNING_SECRET: 's', SLACK_BOT_TOKEN: 'xoxb-1' })).toEqual({ kind: 'workspace' });
  });

  it('is one that posts, as before, where its address and secret are set', () => {
    const env = { SLACK_API_URL: 'http://slack.example/api/', SLACK_SIGNING_SECRET: 's' };
    expect(readSlack(env)).toEqual({
      kind: 'http',
      apiUrl: env.SLACK_API_URL,
      signingSecret: 's',
      botToken: 'xoxb-not-set',
    });
    expect(readSlack({ ...env, SLACK_BOT_TOKEN: 'xoxb-1' })).toMatchObject({ botToken: 'xoxb-1' });
  });

  it('is Slack itself by Socket Mode with the two tokens, or a stand-in for it on this machine', () => {
    expect(readSlack(socketEnv)).toEqual(socket);
    const apiUrl = 'http://127.0.0.1:4700/api/';
    expect(readSlack({ ...socketEnv, SLACK_API_URL: apiUrl })).toEqual({ ...socket, apiUrl });
  });

  it.each([
    ['SLACK_API_URL alone', { SLACK_API_URL: 'https://slack.com/api/' }, 'SLACK_SIGNING_SECRET is not'],
    ['no bot token', { SLACK_APP_TOKEN: 'xapp-1-a' }, 'SLACK_BOT_TOKEN is not'],
    ['the tokens swapped', { SLACK_APP_TOKEN: 'xoxb-1', SLACK_BOT_TOKEN: 'xapp-1' }, 'does not begin with xapp-'],
    ['a user token', { ...socketEnv, SLACK_BOT_TOKEN: 'xoxp-1' }, 'does not begin with xoxb-'],
    ['both ways at once', { ...socketEnv, SLACK_SIGNING_SECRET: 's' }, 'are both set'],
    ['tokens in the clear', { ...socketEnv, SLACK_API_URL: 'http://slack.com/api/' }, 'must begin with https://'],
    ['no address', { ...socketEnv, SLACK_API_URL: 'slack.com' }, 'must begin with https://'],
  ])('refuses %s and says what is wrong, without the tokens', (_, env, words) => {
    expect(() => readSlack(env)).toThrow(words);
    expect(() => readSlack(env)).not.toThrow(/xapp-1|xoxb-1/);
  });
});

describe('the real AWS', () => {
  it('is only used where it was asked for', () => {
    expect(readRealAws(options({ aws: 'embedded' }), { kind: 'workspace' })).toBeUndefined();
  });

  it('is watched in every region that all accounts have, once a minute, where nothing else was said', () => {
    const settings = readRealAws(options(), socket);
    expect(settings).toMatchObject({ trailEverySec: 60, trustMachine: false });
    expect(settings?.regions).toHaveLength(17);
    expect(settings?.regions).toContain('eu-central-1');
  });

  it('is watched in us-east-1 whatever else is named', () => {
    expect(readRealAws(options({ regions: 'eu-west-1, ap-south-1' }), socket)?.regions).toEqual([
      'us-east-1',
      'eu-west-1',
      'ap-south-1',
    ]);
    expect(readRealAws(options({ regions: 'us-east-1' }), socket)?.regions).toEqual(['us-east-1']);
  });

  it.each([
    ['the built-in workspace', options(), { kind: 'workspace' } as const, 'anybody may act as anybody'],
    ['a node that forgets', options({ ephemeral: true }), socket, 'cannot be --ephemeral'],
    [
      'no bot token',
      options(),
      { kind: 'http', apiUrl: 'https://slack.com/api/', botToken: 'xoxb-not-set', signingSecret: 's' } as const,
      'needs SLACK_BOT_TOKEN',
    ],
    [
      'an answer in the clear',
      options(),
      { kind: 'http', apiUrl: 'http://slack.com/api/', botToken: 'xoxb-1', signingSecret: 's' } as const,
      'must begin with https://',
    ],
    ['what is no region', options({ regions: 'Ireland' }), socket, 'Ireland is no AWS region'],
    ['a region of another partition', options({ regions: 'us-gov-west-1' }), socket, 'not of the partition aws'],
    ['no seconds', options({ 'trail-every': 'often' }), socket, 'seconds from 1 to 900'],
    ['too seldom', options({ 'trail-every': '3600' }), socket, 'seconds from 1 to 900'],
    ['another word', options({ aws: 'yes' }), socket, '"embedded" or "real"'],
    ['options that mean nothing', options({ aws: 'embedded', 'trust-machine': true }), socket, 'go with --aws real'],
    ['regions that mean nothing', options({ aws: 'embedded', regions: 'eu-west-1' }), socket, 'go with --aws real'],
  ])('refuses %s', (_, given, slack, words) => {
    expect(() => readRealAws(given, slack)).toThrow(words);
  });
});

it('takes an address that is safe to send a token to', () => {
  expect(readPublicUrl(undefined)).toBeUndefined();
  expect(readPublicUrl('https://daypass.example.com/')).toBe('https://daypass.example.com');
  expect(readPublicUrl('http://localhost:4600')).toBe('http://localhost:4600');
  expect(() => readPublicUrl('http://daypass.example.com')).toThrow('--url');
});

it('trusts no proxy unless told, and no number that is none', () => {
  expect([undefined, '1', '10'].map(readTrustedProxies)).toEqual([0, 1, 10]);
  for (const text of ['-1', '1.5', '11', 'all', '10.0.0.0/8'])
    expect(() => readTrustedProxies(text)).toThrow(`from 0 to 10, not "${text}"`);
});
