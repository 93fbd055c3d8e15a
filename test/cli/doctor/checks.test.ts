import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { judgeClock } from '#cli/doctor/checks/clock.ts';
import { judgeConcurrency } from '#cli/doctor/checks/concurrency.ts';
import { judgeHubBus } from '#cli/doctor/checks/hub-bus.ts';
import { judgeRule, type WantedRule } from '#cli/doctor/checks/rule.ts';
import { judgeScopes, judgeSignature, judgeToken } from '#cli/doctor/checks/slack.ts';
import { judgeTrails } from '#cli/doctor/checks/trail.ts';
import { concurrencyOf } from '#cli/doctor/facts/concurrency.ts';
import { managementEventsOf } from '#cli/doctor/facts/trails.ts';
import { botScopes } from '#slack/scopes.ts';

describe('how many functions the hub runs at once', () => {
  it.each([
    [
      { atOnce: 10, unreserved: 10 },
      'warning',
      'as a new account does: a burst of requests keeps ends of access waiting',
    ],
    [{ atOnce: 1000, unreserved: 1000 }, 'ok', 'Up to 128 can be set aside for each function that ends access'],
    [{ atOnce: 1000, unreserved: 120 }, 'ok', 'Up to 2 can be set aside'],
    [{ atOnce: 1000, unreserved: 100 }, 'ok', 'none of that can be set aside'],
    [{ atOnce: undefined, unreserved: undefined }, 'warning', 'AWS does not say'],
  ] as const)('%j is %s', (concurrency, status, found) => {
    expect(judgeConcurrency(concurrency)).toMatchObject({ status, found: expect.stringContaining(found) });
  });

  it('is asked of Lambda itself', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const AccountLimit = { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ AccountLimit }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'unused' };
    const client = new LambdaClient({ region: 'us-east-1', endpoint, credentials });
    expect(await concurrencyOf(client, new AbortController().signal)).toEqual({ atOnce: 1000, unreserved: 900 });
    expect(asked).toEqual(['GET /2016-08-19/account-settings']);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});

describe('a bot token', () => {
  const answer = (members: Record<string, string>) => ({
    ok: true,
    error: '',
    scopes: undefined,
    status: 200,
    headers: new Headers(),
    body: '',
    theirMs: 0,
    askedMs: 0,
    answeredMs: 0,
    members: { bot_id: 'B0DAYPASS', user: 'daypass', team: 'Daypass', ...members },
  });
  const alone = { team_id: 'T0DAYPASS' };
  const inOrg = { team_id: 'T0DAYPASS', enterprise_id: 'E0ORG' };
  it.each([
    ['ok', 'T0DAYPASS', alone],
    ['ok', 'T0DAYPASS', inOrg],
    ['ok', 'E0ORG', inOrg],
    ['ok', 'E0ORG', { team_id: 'E0ORG', enterprise_id: 'E0ORG' }],
    ['failure', 'E0ORG', alone],
    ['failure', 'T0OTHER', inOrg],
    ['failure', 'E0OTHER', inOrg],
    ['failure', 'T0DAYPASS', { team_id: 'T0OTHER', enterprise_id: 'T0DAYPASS' }],
  ])('is %s where the policy names %s and Slack says %j', (status, team, members) => {
    expect(judgeToken(answer(members), 'SSM', team).status).toBe(status);
  });
});

describe('a trail', () => {
  const trail = {
    name: 'main',
    isLogging: true,
    isMultiRegion: true,
    homeRegion: 'us-east-1',
    takes: { reads: true, writes: true },
  };
  it.each([
    ['ok', [trail]],
    ['ok', [{ ...trail, name: 'old', isLogging: false }, trail]],
    ['warning', [{ ...trail, isMultiRegion: false }]],
    ['warning', [{ ...trail, takes: undefined }]],
    ['failure', [{ ...trail, isLogging: false }]],
    ['failure', [{ ...trail, takes: { reads: false, writes: true } }]],
    ['failure', [{ ...trail, takes: { reads: false, writes: false } }]],
    ['failure', []],
  ])('is %s for %j', (status, trails) => {
    expect(judgeTrails(trails).status).toBe(status);
  });

  it('that leaves reads out is named with what that costs', () => {
    expect(judgeTrails([{ ...trail, takes: { reads: false, writes: true } }]).found).toBe(
      'The trail main leaves out reads, and AssumeRole is one.',
    );
  });

  it('takes what its selectors say, in either of their forms', () => {
    const advanced = (...readOnly: string[]) => ({
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Management'] },
            ...(readOnly.length > 0 ? [{ Field: 'readOnly', Equals: readOnly }] : []),
          ],
        },
      ],
    });
    expect(managementEventsOf({ EventSelectors: [{ ReadWriteType: 'All' }] })).toEqual({ reads: true, writes: true });
    expect(managementEventsOf({ EventSelectors: [{ ReadWriteType: 'WriteOnly' }] })).toEqual({
      reads: false,
      writes: true,
    });
    expect(managementEventsOf({ EventSelectors: [{ IncludeManagementEvents: false }] })).toEqual({
      reads: false,
      writes: false,
    });
    expect(managementEventsOf(advanced())).toEqual({ reads: true, writes: true });
    expect(managementEventsOf(advanced('true'))).toEqual({ reads: true, writes: false });
    expect(managementEventsOf(advanced('false'))).toEqual({ reads: false, writes: true });
    expect(
      managementEventsOf({
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
      }),
    ).toEqual({ reads: false, writes: false });
  });
});

describe('the clock', () => {
  /** Answered after `tookMs`, by a clock that is `offMs` from ours, whose header has whole seconds. */
  const told = (offMs: number, tookMs = 200) => {
    const askedMs = 1_700_000_000_400;
    const theirMs = Math.floor((askedMs + tookMs / 2 + offMs) / 1000) * 1000;
    return { askedMs, answeredMs: askedMs + tookMs, theirMs };
  };
  it.each([
    [0, 'ok'],
    [4_900, 'ok'],
    [-4_900, 'ok'],
    [7_000, 'warning'],
    [-7_000, 'warning'],
    [29_000, 'warning'],
    [33_000, 'failure'],
    [-33_000, 'failure'],
  ])('that is %i ms off is %s', (offMs, status) => {
    expect(judgeClock('AWS', told(offMs)).status).toBe(status);
  });

  it('is not blamed for an answer that took long', () => {
    const askedMs = 1_700_000_000_000;
    for (const theirMs of [askedMs, askedMs + 20_000]) {
      expect(judgeClock('AWS', { askedMs, answeredMs: askedMs + 20_000, theirMs }).status).toBe('ok');
    }
  });

  it('is said to be behind where the others are ahead', () => {
    expect(judgeClock('AWS', told(60_000)).found).toBe('This machine is 59 s behind AWS.');
  });
});

describe('a rule', () => {
  const wanted: WantedRule = {
    name: 'daypass-role-assumed',
    bus: 'default',
    state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    pattern: { source: ['aws.sts'], detail: { eventName: [{ prefix: "o'clock'" }] } },
    target: ':function:daypass-detect',
    retry: { maximumEventAgeSec: 86_400, maximumRetryAttempts: 185 },
    redo: 'Deploy it again.',
  };
  const facts = {
    exists: true,
    state: wanted.state,
    pattern: `{"detail":{"eventName":[{"prefix":"o'clock'"}]},"source":["aws.sts"]}`,
    targets: [
      {
        arn: 'arn:aws:lambda:us-east-1:111111111111:function:daypass-detect',
        maximumEventAgeSec: 86_400,
        maximumRetryAttempts: 185,
      },
    ],
  } as const;
  it.each([
    ['as it should be', 'ok', facts],
    ['absent', 'failure', { exists: false }],
    ['disabled', 'failure', { ...facts, state: 'DISABLED' }],
    ['plain ENABLED', 'failure', { ...facts, state: 'ENABLED' }],
    ['with another pattern', 'failure', { ...facts, pattern: '{"source":["aws.sts"]}' }],
    ['without a target', 'failure', { ...facts, targets: [] }],
    [
      'to another function, whose name begins alike',
      'failure',
      { ...facts, targets: [{ ...facts.targets[0], arn: `${facts.targets[0].arn}-old` }] },
    ],
    ['that gives up early', 'warning', { ...facts, targets: [{ ...facts.targets[0], maximumRetryAttempts: 2 }] }],
  ] as const)('%s is %s', (_, status, found) => {
    expect(judgeRule(wanted, found).status).toBe(status);
  });

  it('is put right by a line that a shell takes as it is', () => {
    expect(judgeRule(wanted, { ...facts, state: 'ENABLED' })).toMatchObject({
      todo: `aws events put-rule --name daypass-role-assumed --event-bus-name default --state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS --event-pattern '{"source":["aws.sts"],"detail":{"eventName":[{"prefix":"o'\\''clock'\\''"}]}}'`,
    });
  });
});

describe('the hub’s default bus', () => {
  const awsAlone = { 'ForAllValues:StringLike': { 'events:source': 'aws.*' }, Null: { 'events:source': 'false' } };
  const statement = (accounts: string[], condition: object = awsAlone) => ({
    Effect: 'Allow',
    Principal: { AWS: accounts.map((id) => `arn:aws:iam::${id}:root`) },
    Action: 'events:PutEvents',
    Resource: 'arn:aws:events:us-east-1:111111111111:event-bus/default',
    Condition: condition,
  });
  const both = ['222222222222', '333333333333'];
  const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  it.each([
    ['takes AWS’s events of every account', 'ok', policy(statement(both))],
    ['takes them in statements of their own', 'ok', policy(...both.map((id) => statement([id])))],
    ['does not know of one account', 'failure', policy(statement(['222222222222']))],
    ['has no policy', 'failure', undefined],
    [
      'compares their list of sources as if it were one',
      'failure',
      policy(statement(both, { StringLike: { 'events:source': 'aws.*' } })),
    ],
    ['denies them', 'failure', policy({ ...statement(both), Effect: 'Deny' })],
    ['takes whatever they make up', 'warning', policy(statement(both, {}))],
    ['takes it from others', 'warning', policy(statement(both), { ...statement([]), Principal: '*', Condition: {} })],
  ])('that %s is %s', (_, status, json) => {
    expect(judgeHubBus(json, both).status).toBe(status);
  });
});

describe('Slack', () => {
  it('scopes beside those that are used are a warning, and silence is one', () => {
    expect(judgeScopes([...botScopes]).status).toBe('ok');
    expect(judgeScopes([...botScopes, 'admin'])).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('admin'),
    });
    expect(judgeScopes(undefined).status).toBe('warning');
    expect(judgeScopes([])).toMatchObject({ status: 'failure', found: expect.stringContaining('commands') });
  });

  const signed = { status: 200, body: '{"challenge":"x"}', echoed: true };
  it.each([
    ['ok', { signed, forged: { status: 401 } }, /refuses a forgery/],
    ['failure', { signed, forged: { status: 200 } }, /takes what nobody signed/],
    [
      'failure',
      { signed: { status: 401, body: 'does not match', echoed: false }, forged: { status: 401 } },
      /refuses what is signed/,
    ],
    [
      'failure',
      { signed: { status: 401, body: 'more than five minutes away', echoed: false }, forged: { status: 401 } },
      /not of now/,
    ],
    ['failure', { signed: { status: 502, body: '', echoed: false }, forged: { status: 502 } }, /HTTP 502/],
    ['failure', { signed: { status: 200, body: 'hello', echoed: false }, forged: { status: 404 } }, /HTTP 200/],
  ] as const)('an ingress is %s for %j', (status, facts, words) => {
    const verdict = judgeSignature(facts, 'SLACK_SIGNING_SECRET');
    expect(verdict.status).toBe(status);
    expect(verdict.found).toMatch(words);
  });
});
