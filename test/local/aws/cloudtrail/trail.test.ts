import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createCloudTrail } from '#local/aws/cloudtrail/trail.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { Caller, CompletedCall } from '#local/aws/service.ts';
import { turnableClock } from '#local/clock.ts';
import { admin, assumeRole, atMs, call, session } from './calls.ts';

type Found = {
  Events: { EventId: string; EventName: string; Username?: string; CloudTrailEvent: string; EventTime: number }[];
  NextToken?: string;
};

const start = (over: { throttle?: boolean; mostBytes?: number; db?: DatabaseSync } = {}) => {
  const clock = turnableClock(atMs);
  const delivered: BusEvent[] = [];
  let last = 0;
  const { db = new DatabaseSync(':memory:') } = over;
  const trail = createCloudTrail({
    clock,
    deliver: (event) => delivered.push(event),
    newId: () => `id-${++last}`,
    ...over,
    db,
  });
  const lookUp = async (
    input: Record<string, unknown> = {},
    caller: Caller = admin('production'),
    region = 'us-east-1',
  ) =>
    (await trail.service.handle({
      ...call('cloudtrail', 'LookupEvents', input, { output: {} }, caller),
      region,
      atMs: clock.nowMs(),
    })) as Found;
  const names = async (input?: Record<string, unknown>, caller?: Caller, region?: string) =>
    (await lookUp(input, caller, region)).Events.map((event) => event.EventName);
  return { clock, trail, delivered, lookUp, names };
};
const by = (key: string, value: string) => ({ LookupAttributes: [{ AttributeKey: key, AttributeValue: value }] });
const at = (made: CompletedCall, ms: number): CompletedCall => ({ ...made, atMs: made.atMs + ms });

describe('LookupEvents', () => {
  const world = () => {
    const started = start();
    const { trail } = started;
    trail.completed(at(assumeRole(admin('production')), -3_000));
    trail.completed(
      at(call('iam', 'PutRolePolicy', { RoleName: 'orders', PolicyName: 'AWSRevokeOlderSessions' }), -2_000),
    );
    trail.completed(
      at(call('sts', 'GetCallerIdentity', {}, { output: {} }, session('222222222222', 'orders')), -1_000),
    );
    trail.completed(call('dynamodb', 'GetItem', { TableName: 'OrdersTable' }));
    trail.completed(call('iam', 'ListRoles', {}, { output: {} }, admin('hub')));
    return started;
  };

  it('shows the caller’s account, newest first, without data events', async () => {
    const { names } = world();
    expect(await names()).toEqual(['GetCallerIdentity', 'PutRolePolicy', 'AssumeRole']);
    expect(await names({}, admin('hub'))).toEqual(['ListRoles']);
    expect(await names({}, admin('production'), 'eu-west-1')).toEqual([]);
  });

  it.each([
    ['EventName', 'PutRolePolicy', ['PutRolePolicy']],
    ['EventSource', 'sts.amazonaws.com', ['GetCallerIdentity', 'AssumeRole']],
    ['ReadOnly', 'false', ['PutRolePolicy']],
    ['Username', 'alice', ['GetCallerIdentity']],
    ['Username', 'production-admin', ['PutRolePolicy', 'AssumeRole']],
    ['AccessKeyId', 'ASIASESSION', ['GetCallerIdentity']],
    ['ResourceType', 'AWS::IAM::Policy', ['PutRolePolicy']],
    ['ResourceName', 'AWSRevokeOlderSessions', ['PutRolePolicy']],
    ['ResourceName', 'ASIAISSUED', ['AssumeRole']],
    ['EventId', 'id-1', ['AssumeRole']],
    ['EventName', 'Nothing', []],
  ])('finds by %s %s', async (key, value, expected) => {
    expect(await world().names(by(key, value))).toEqual(expected);
  });

  it('gives each event whole', async () => {
    const { lookUp } = world();
    const [event] = (await lookUp(by('EventName', 'PutRolePolicy'))).Events;
    expect(event).toMatchObject({
      EventName: 'PutRolePolicy',
      ReadOnly: 'false',
      AccessKeyId: 'AKIAPRODUCTION',
      EventSource: 'iam.amazonaws.com',
      EventTime: 1_782_907_697,
      Username: 'production-admin',
      Resources: [
        { ResourceType: 'AWS::IAM::Role', ResourceName: 'orders' },
        { ResourceType: 'AWS::IAM::Policy', ResourceName: 'AWSRevokeOlderSessions' },
      ],
    });
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      eventName: 'PutRolePolicy',
      eventID: event?.EventId,
    });
  });

  it('keeps to the time range, both ends included', async () => {
    const { names } = world();
    expect(await names({ StartTime: (atMs - 2_000) / 1_000, EndTime: (atMs - 2_000) / 1_000 })).toEqual([
      'PutRolePolicy',
    ]);
  });

  it('pages without a gap or a repetition, also among records of one instant, while new ones arrive', async () => {
    const { trail, lookUp } = start();
    for (let i = 0; i < 7; i++) trail.completed(call('iam', `Put${i}`, {}));
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await lookUp({ MaxResults: 3, EndTime: atMs / 1_000, ...(token ? { NextToken: token } : {}) });
      seen.push(...page.Events.map((event) => event.EventName));
      token = page.NextToken;
      trail.completed(call('iam', 'PutLater', {}));
    } while (token && seen.length < 20);
    expect(seen).toEqual(['Put6', 'Put5', 'Put4', 'Put3', 'Put2', 'Put1', 'Put0']);
  });

  it('gives 50 at most', async () => {
    const { trail, lookUp } = start();
    for (let i = 0; i < 51; i++) trail.completed(call('iam', 'PutRolePolicy', {}));
    const first = await lookUp();
    expect(first.Events).toHaveLength(50);
    expect((await lookUp({ NextToken: first.NextToken })).Events).toHaveLength(1);
  });

  it.each([
    [
      { LookupAttributes: [...by('EventId', 'a').LookupAttributes, ...by('EventId', 'b').LookupAttributes] },
      'InvalidLookupAttributesException',
    ],
    [by('Color', 'red'), 'InvalidLookupAttributesException'],
    [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
    [{ MaxResults: 0 }, 'InvalidMaxResultsException'],
    [{ StartTime: 2, EndTime: 1 }, 'InvalidTimeRangeException'],
    [{ NextToken: 'bm9uc2Vuc2U' }, 'InvalidNextTokenException'],
  ])('refuses %j', async (input, code) => {
    await expect(world().lookUp(input)).rejects.toMatchObject({ code });
  });

  it('refuses a token of another question', async () => {
    const { lookUp } = world();
    const { NextToken } = await lookUp({ MaxResults: 1 });
    await expect(lookUp({ ...by('EventName', 'AssumeRole'), NextToken })).rejects.toMatchObject({
      code: 'InvalidNextTokenException',
    });
  });

  it('is held to two calls a second per account and region where that is asked for', async () => {
    const { lookUp, clock } = start({ throttle: true });
    await lookUp();
    await lookUp();
    await expect(lookUp()).rejects.toMatchObject({ code: 'ThrottlingException' });
    await lookUp({}, admin('hub'));
    await clock.turn(1_000);
    await lookUp();
  });

  it('forgets the oldest where there is no more room, counted on across restarts, and never the newest', async () => {
    const db = new DatabaseSync(':memory:');
    const kept = (): { bytes: number; first: number; last: number } =>
      db
        .prepare('SELECT sum(octet_length(record)) bytes, min(at_ms) first, max(at_ms) last FROM cloudtrail_record')
        .get() as { bytes: number; first: number; last: number };
    const record = (trail: ReturnType<typeof start>['trail'], from: number, count: number): void => {
      for (let index = 0; index < count; index++) {
        trail.completed(at(call('iam', 'ListRoles', { PathPrefix: '/𝕏é/' }, { output: {} }), from + index));
      }
      trail.flush();
    };
    const mostBytes = 1_000_000;
    record(start({ db, mostBytes }).trail, 0, 1_000);
    expect(kept().bytes).toBeGreaterThan(mostBytes / 2);
    expect(kept().first).toBe(atMs);
    record(start({ db, mostBytes }).trail, 1_000, 4_000);
    expect(kept().bytes).toBeLessThanOrEqual(mostBytes);
    expect(kept().bytes).toBeGreaterThan(mostBytes / 4);
    expect(kept().last).toBe(atMs + 4_999);
    expect(kept().first).toBeGreaterThan(atMs + 1_000);
    expect(db.prepare('SELECT bytes FROM cloudtrail_size').get()).toEqual({ bytes: kept().bytes });
  });

  it('forgets after 90 days, on disk too', async () => {
    const { trail, names, clock } = world();
    await clock.turn(90 * 86_400_000 - 2_500);
    expect(await names()).toEqual(['GetCallerIdentity', 'PutRolePolicy']);
    trail.completed({ ...call('iam', 'ListRoles', {}), atMs: clock.nowMs() });
    expect(trail.recent(100).map((record) => record.eventName)).toEqual([
      'ListRoles',
      'ListRoles',
      'GetItem',
      'GetCallerIdentity',
      'PutRolePolicy',
    ]);
  });

  it('needs its permission, and does nothing else', async () => {
    const { trail } = start();
    expect(trail.service.needs(call('cloudtrail', 'LookupEvents', {}))).toEqual([
      { action: 'cloudtrail:LookupEvents', resource: '*' },
    ]);
    await expect(trail.service.handle(call('cloudtrail', 'CreateTrail', {}))).rejects.toThrow(
      /does not do CreateTrail/,
    );
  });
});

describe('EventBridge gets', () => {
  it('each record as an event of its account', () => {
    const { trail, delivered } = start();
    trail.completed(assumeRole(admin('hub')));
    expect(delivered).toMatchObject([
      {
        source: 'aws.sts',
        'detail-type': 'AWS API Call via CloudTrail',
        account: '111111111111',
        time: '2026-07-01T12:08:19Z',
        region: 'us-east-1',
        resources: [],
        detail: { eventName: 'AssumeRole', recipientAccountId: '111111111111' },
      },
      { source: 'aws.sts', account: '222222222222', detail: { recipientAccountId: '222222222222' } },
    ]);
  });

  const hubFunction = session('111111111111', 'daypass-detect');
  it.each([
    ['the hub’s own table reads', call('dynamodb', 'GetItem', { TableName: 'T' }, undefined, hubFunction), 0],
    ['a function’s answer to its task', call('states', 'SendTaskSuccess', {}, undefined, hubFunction), 0],
    ['a function’s publication', call('events', 'PutEvents', {}, undefined, hubFunction), 0],
    ['a function’s other calls', call('states', 'StartExecution', {}, undefined, hubFunction), 1],
    ['a person’s answer to a task', call('states', 'SendTaskSuccess', {}, undefined, admin('hub')), 1],
    [
      'a granted session in the hub',
      call('events', 'PutEvents', {}, undefined, session('111111111111', 'daypass-jit-x')),
      1,
    ],
    ['a change of the hub’s tables', call('dynamodb', 'DeleteTable', { TableName: 'T' }, undefined, hubFunction), 1],
    ['table reads in production', call('dynamodb', 'GetItem', { TableName: 'T' }), 1],
  ])('%s', (_, made, times) => {
    const { trail, delivered } = start();
    trail.completed(made);
    expect(delivered).toHaveLength(times);
    expect(trail.recent(10)).toHaveLength(1);
  });
});
