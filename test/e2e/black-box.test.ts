import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '#test/cli/cli.ts';
import { until } from '#test/kit/until.ts';
import { cliNote, cliVersion, runCli } from '#test/local/aws/wire/aws-cli.ts';
import { type Actors, actorsOn } from './actors.ts';
import { botToken, type ChildStack, startChild } from './child-stack.ts';
import { ask } from './people.ts';
import { signingSecret } from './slack-person.ts';
import { type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

type Process = { Version: 1; AccessKeyId: string; SecretAccessKey: string; SessionToken: string; Expiration: string };

let slack: SlackStandIn;
let folder: string;
let child: ChildStack;
let actors: Actors;
const dataFolder = (): string => join(folder, 'data');
const home = (): string => join(folder, 'home');

beforeAll(async () => {
  slack = await startSlackStandIn();
  folder = mkdtempSync(join(tmpdir(), 'daypass-black-box-'));
  child = await startChild({ dataFolder: dataFolder(), slackApiUrl: slack.url });
  actors = actorsOn({ appUrl: child.app, awsUrl: child.aws, dataFolder: dataFolder(), slack, nowMs: Date.now });
});
afterAll(async () => {
  await child.stop();
  await slack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** `daypass …` as Alice runs it, with a home of her own. */
const daypass = (...args: string[]) => start(args, { env: { DAYPASS_HOME: home(), DAYPASS_API: child.app } });

/** Every byte that the stack keeps. */
const kept = (at: string): { file: string; bytes: Buffer }[] =>
  readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => join(at, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ file, bytes: readFileSync(file) }));

const executionHistories = async (): Promise<string> => {
  const { stepFunctions } = actors.profile('hub-admin');
  const histories: unknown[] = [];
  for (const machine of ['access-request', 'alert-response']) {
    const stateMachineArn = `arn:aws:states:us-east-1:111111111111:stateMachine:${machine}`;
    for (const { executionArn } of (await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn })))
      .executions ?? []) {
      histories.push(
        (await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events,
      );
    }
  }
  return JSON.stringify(histories);
};

describe('from outside', () => {
  it(`Alice gets credentials that read the order until the grant is over${cliNote}, and no secret stays anywhere`, async () => {
    const { card, id } = await ask(actors, 'U0ALICE', 'orders-admin 20s fixing INC-42');
    await actors.click('U0BOB', card, 'Approve');
    await until('a live grant', () => card.text.includes('Active'));

    const login = daypass('login', '--json');
    const [, code = ''] = /"user_code":"([^"]+)"/.exec(await login.said('user_code')) ?? [];
    await actors.confirm('U0ALICE', code);
    const loggedIn = await login.ended;
    expect(loggedIn.code).toBe(0);

    const printed = await daypass('credential-process', '--entitlement', 'orders-admin').ended;
    expect(printed.code).toBe(0);
    const issued = JSON.parse(printed.stdout) as Process;
    expect(Object.keys(issued).sort()).toEqual([
      'AccessKeyId',
      'Expiration',
      'SecretAccessKey',
      'SessionToken',
      'Version',
    ]);
    const keys = {
      accessKeyId: issued.AccessKeyId,
      secretAccessKey: issued.SecretAccessKey,
      sessionToken: issued.SessionToken,
    };
    expect(await actors.readOrder(keys)).toBe('12345');

    const getItem = ['dynamodb', 'get-item', '--table-name', 'OrdersTable', '--key', '{"OrderId":{"S":"12345"}}'];
    if (cliVersion !== undefined) expect((await runCli(child.aws, keys, getItem)).stdout).toContain('"12345"');
    const listed = await daypass('list', '--json').ended;
    expect(listed.stdout).toContain(id);

    await until('the end', () => child.events.find((event) => event.event === 'grant.ended' && event.requestId === id));
    expect(await actors.readOrder(keys)).toBe('AccessDeniedException');
    if (cliVersion !== undefined) expect((await runCli(child.aws, keys, getItem)).stderr).toContain('AccessDenied');
    const refused = await daypass('credential-process', '--entitlement', 'orders-admin').ended;
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 5, stdout: '' });

    const { Items = [] } = await actors.profile('hub-admin').dynamoDb.send(new ScanCommand({ TableName: 'daypass' }));
    const taskTokens = Items.flatMap(({ taskToken }) => (taskToken?.S === undefined ? [] : [taskToken.S]));
    expect(taskTokens.length).toBeGreaterThan(0);
    const history = await executionHistories();
    const said = JSON.stringify([slack.messages, slack.ephemerals, slack.views]);
    // Beside the login lies a folder of credentials that are live.
    const file = readdirSync(home(), { withFileTypes: true }).find((entry) => entry.isFile())?.name ?? '';
    const [, token = ''] = /"token":\s*"([^"]+)"/.exec(readFileSync(join(home(), file), 'utf8')) ?? [];
    expect(token).toMatch(/^\S{40,}$/);

    const secrets = {
      secretAccessKey: issued.SecretAccessKey,
      sessionToken: issued.SessionToken,
      signingSecret,
      botToken,
      token,
    };
    // What is no secret is found, so the search does find.
    expect(kept(dataFolder()).some(({ bytes }) => bytes.includes(issued.AccessKeyId))).toBe(true);
    for (const [name, secret] of Object.entries(secrets)) {
      const found = kept(dataFolder())
        .filter(({ bytes }) => bytes.includes(secret))
        .map(({ file }) => file);
      expect({ name, found }).toEqual({ name, found: [] });
      for (const text of [history, said, child.output(), listed.stdout, loggedIn.stderr])
        expect(text.includes(secret) ? name : 'clean').toBe('clean');
    }
    for (const taskToken of taskTokens) {
      for (const text of [history, said, child.output(), listed.stdout])
        expect(text.includes(taskToken) ? 'task token' : 'clean').toBe('clean');
    }
  }, 90_000);
});
