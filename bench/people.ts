import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ulidPattern } from '#core/ulid.ts';
import { systemClock } from '#local/clock.ts';
import {
  clickBody,
  commandBody,
  confirmBody,
  type SlackAnswer,
  send,
  signed,
  signingSecret,
  submissionBody,
} from '#test/e2e/slack-person.ts';
import { type Message, startSlackStandIn } from '#test/e2e/slack-stand-in.ts';
import { until } from '#test/kit/until.ts';
import { direct, type StackProcess, startStackProcess } from './stack-process.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
export type Asked = { id: string; card: Message };

const clock = systemClock();
const ulid = new RegExp(ulidPattern);
const region = 'us-east-1';

export const profileIn = (folder: string, profile: string): Credentials => {
  const section = readFileSync(join(folder, 'aws', 'credentials'), 'utf8').split(`[${profile}]`)[1] ?? '';
  const value = (name: string): string => new RegExp(`${name}\\s*=\\s*(\\S+)`).exec(section)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
};

const answered = (what: string, { status, text }: SlackAnswer): void => {
  if (status !== 200) throw new Error(`${what} was answered with ${status}: ${text}`);
};

type Start = (options: { slack: { url: string; signingSecret: string }; policyPath?: string }) => Promise<StackProcess>;

const inItsOwnProcess: Start = (options) => startStackProcess(direct, options);

export type OfficeOptions = { policyPath?: string; start?: Start };

/** A running stack (in a process of its own unless told), a Slack beside it, and people who use both over HTTP. */
export const openOffice = async ({ start = inItsOwnProcess, ...options }: OfficeOptions = {}) => {
  const slack = await startSlackStandIn();
  const stack: StackProcess = await start({ slack: { url: slack.url, signingSecret }, ...options }).catch(
    async (error: unknown) => {
      await slack.stop();
      throw error;
    },
  );

  const post = (body: string): Promise<SlackAnswer> => send(stack.appUrl, body, signed(body, clock.nowMs()));
  const command = async (userId: string, text: string): Promise<SlackAnswer> => {
    const answer = await post(commandBody(userId, text));
    answered(`/access ${text}`, answer);
    return answer;
  };
  const click = async (userId: string, card: Message, label: string): Promise<void> =>
    answered(`a click on ${label}`, await post(clickBody(userId, card, label)));

  let asks = 0;
  /**
   * Asks in one line of Slack and waits for the card. The reason holds a number of its own, by which the card is found.
   */
  const ask = async (userId: string, what: string): Promise<Asked> => {
    const reason = `loop ${++asks} of INC-42`;
    const before = slack.messages.length;
    await command(userId, `${what} ${reason}`);
    const isCard = (message: Message): boolean =>
      message.channel === 'C0ACCESS' && !message.threadTs && JSON.stringify(message.blocks).includes(reason);
    const card = await until('the card', () => slack.messages.slice(before).find(isCard));
    return { id: ulid.exec(JSON.stringify(card.blocks))?.[0] ?? '', card };
  };

  const json = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(`${stack.appUrl}/v1${path}`, { method: 'POST', ...init });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
    return response.json();
  };

  const login = async (userId: string): Promise<string> => {
    const client_id = 'daypass-bench';
    const { device_code, user_code } = (await json('/device/authorize', {
      body: new URLSearchParams({ client_id }),
    })) as { device_code: string; user_code: string };
    answered('Confirm', await post(confirmBody(userId, await command(userId, `login ${user_code}`))));
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const body = new URLSearchParams({ grant_type, device_code, client_id });
    return ((await json('/device/token', { body })) as { access_token: string }).access_token;
  };

  const mint = async (token: string, id: string): Promise<Credentials> => {
    const headers = { authorization: `Bearer ${token}` };
    return ((await json(`/requests/${id}/credentials`, { headers })) as { credentials: Credentials }).credentials;
  };

  /** Where no approval is needed, the end has moved when it resolves. */
  const extend = async (token: string, id: string, duration: string): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await json(`/requests/${id}/extend`, { headers, body: JSON.stringify({ duration, reason: 'it takes longer' }) });
  };

  /** An approver answers under the card with yes. */
  const approveMore = async (userId: string, card: Message): Promise<void> => {
    const asksForMore = ({ threadTs, text }: Message): boolean => threadTs === card.ts && text.includes('More time');
    await click(userId, await until('the reply', () => slack.messages.find(asksForMore)), 'Approve');
  };

  /** When the grant ends, by this program's monotonic clock. */
  const endsAt = async (token: string, id: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const { grant } = (await json(`/requests/${id}`, { method: 'GET', headers })) as { grant: { endsAt: string } };
    return performance.now() + Date.parse(grant.endsAt) - clock.nowMs();
  };

  const config = (credentials: Credentials) => ({ region, endpoint: stack.awsUrl, credentials, maxAttempts: 1 });

  const stepFunctions = () => new SFNClient(config(profileIn(stack.dataFolder, 'hub-admin')));

  const submit = async (what: string, userId: string, view: Record<string, unknown>, why: string): Promise<void> =>
    answered(
      what,
      await post(submissionBody(userId, view, { reason: { value: { type: 'plain_text_input', value: why } } })),
    );

  return {
    stack,
    slack,
    command,
    click,
    ask,
    login,
    mint,
    extend,
    approveMore,
    endsAt,
    denyBecause: async (userId: string, card: Message, why: string): Promise<void> => {
      const opened = slack.views.length;
      await click(userId, card, 'Deny');
      const view = await until('the modal', () => slack.views[opened]);
      await submit('the denial', userId, view, why);
    },
    /** Opens the panic button's form. What is returned presses it. */
    lockDown: async (userId: string, what: string): Promise<() => Promise<void>> => {
      const opened = slack.views.length;
      await command(userId, `lockdown ${what}`);
      const view = await until('the form', () => slack.views[opened]);
      return () => submit('the lockdown', userId, view, 'laptop stolen');
    },
    /** Reads the order with these credentials over a kept-alive connection: what it got, or the error's name. */
    reader: (credentials: Credentials): (() => Promise<string>) => {
      const dynamoDb = new DynamoDBClient(config(credentials));
      const read = new GetItemCommand({ TableName: 'OrdersTable', Key: { OrderId: { S: '12345' } } });
      return () =>
        dynamoDb.send(read).then(
          ({ Item }) => Item?.OrderId?.S ?? 'nothing',
          (error: Error) => error.name,
        );
    },
    stepFunctions,
    /** How many executions of access-request there are, running or not (at most 1,000). */
    executions: async (): Promise<number> => {
      const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:access-request';
      const list = new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 });
      return (await stepFunctions().send(list)).executions?.length ?? 0;
    },
    close: async (): Promise<void> => {
      await stack.stop();
      await slack.stop();
    },
  };
};

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** Opens an office, uses it and closes it, also when the use fails; a failure then brings the stack's log with it. */
export const inOffice = async <T>(use: (office: Office) => Promise<T>, options: OfficeOptions = {}): Promise<T> => {
  const office = await openOffice(options);
  try {
    return await use(office);
  } catch (error) {
    throw new Error(`The bench failed. The stack said:\n${office.stack.chatter()}`, { cause: error });
  } finally {
    await office.close();
  }
};
