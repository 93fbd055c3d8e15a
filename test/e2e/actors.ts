import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import { clickBody, commandBody, confirmBody, type SlackAnswer, send, signed } from './slack-person.ts';
import type { Message, SlackStandIn } from './slack-stand-in.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
type Answer<T> = { status: number; body: T };

const profileIn = (folder: string, profile: string): Credentials => {
  const text = readFileSync(join(folder, 'aws', 'credentials'), 'utf8');
  const section = text.split(`[${profile}]`)[1]?.split('[')[0] ?? '';
  const value = (name: string): string => new RegExp(`${name}\\s*=\\s*(\\S+)`).exec(section)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
};

/** People and administrators, acting on a stack from outside: over HTTP, with the official AWS clients. */
export const actorsOn = (stack: {
  appUrl: string;
  awsUrl: string;
  dataFolder: string;
  slack: SlackStandIn;
  nowMs: () => number;
  /** How Slack brings something to the app; signed and over HTTP where absent. */
  post?: (body: string) => Promise<SlackAnswer>;
}) => {
  const { appUrl, awsUrl, dataFolder, slack, nowMs } = stack;

  const post = stack.post ?? ((body: string): Promise<SlackAnswer> => send(appUrl, body, signed(body, nowMs())));
  const command = (userId: string, text: string): Promise<SlackAnswer> => post(commandBody(userId, text));

  /** Types the code of a login and presses Confirm. */
  const confirm = async (userId: string, userCode: string): Promise<SlackAnswer> =>
    post(confirmBody(userId, await command(userId, `login ${userCode}`)));

  const api = async <T = Record<string, unknown>>(
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> => {
    const response = await fetch(`${appUrl}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  };

  /** Logs a program in as a person, confirmed in Slack. Returns the token. */
  const login = async (userId: string): Promise<string> => {
    const client_id = 'daypass-cli';
    const asked = await fetch(`${appUrl}/v1/device/authorize`, {
      method: 'POST',
      body: new URLSearchParams({ client_id }),
    });
    const { device_code, user_code } = (await asked.json()) as { device_code: string; user_code: string };
    await confirm(userId, user_code);
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const body = new URLSearchParams({ grant_type, device_code, client_id });
    const redeemed = await fetch(`${appUrl}/v1/device/token`, { method: 'POST', body });
    const { access_token } = (await redeemed.json()) as { access_token?: string };
    if (access_token === undefined) throw new Error(`The login of ${userId} gave no token.`);
    return access_token;
  };

  const config = (credentials: Credentials) => ({ region: 'us-east-1', endpoint: awsUrl, credentials, maxAttempts: 1 });
  const as = (credentials: Credentials) => ({
    iam: new IAMClient(config(credentials)),
    sts: new STSClient(config(credentials)),
    dynamoDb: new DynamoDBClient(config(credentials)),
    stepFunctions: new SFNClient(config(credentials)),
  });

  return {
    slack,
    appUrl,
    awsUrl,
    dataFolder,
    nowMs,
    post,
    command,
    click: (userId: string, message: Message, label: string): Promise<SlackAnswer> =>
      post(clickBody(userId, message, label)),
    api,
    confirm,
    login,
    as,
    profile: (name: string) => as(profileIn(dataFolder, name)),
    /** Cards and alerts: top-level messages of a channel, oldest first. */
    cards: (channel: string): Message[] =>
      slack.messages.filter((message) => message.channel === channel && !message.threadTs),
    /** What the session can read, or the name of the error that it gets. */
    readOrder: async (credentials: Credentials): Promise<string> =>
      as(credentials)
        .dynamoDb.send(new GetItemCommand({ TableName: 'OrdersTable', Key: { OrderId: { S: '12345' } } }))
        .then(
          ({ Item }) => Item?.OrderId?.S ?? 'no such order',
          (error: Error) => error.name,
        ),
  };
};

export type Actors = ReturnType<typeof actorsOn>;
