import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { createEventBus, type EventBus } from '#local/aws/events/bus.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { Rule } from '#local/aws/events/rules.ts';
import type { AwsCall } from '#local/aws/service.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';

const putEvents = (entries: readonly Record<string, unknown>[]): AwsCall => ({
  service: 'events',
  region: 'us-east-1',
  action: 'PutEvents',
  input: { Entries: entries },
  caller: {
    kind: 'user',
    accountId: '111111111111',
    arn: 'arn:aws:iam::111111111111:user/hub-admin',
    userId: 'AIDAHUBADMIN',
    userName: 'hub-admin',
    accessKeyId: 'AKIAHUBADMIN',
  },
  sourceIp: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r-1',
  atMs: Date.parse('2026-11-22T10:00:00.000Z'),
});

const entry = (over: Record<string, unknown> = {}) => ({
  Source: 'daypass',
  DetailType: 'grant.activated',
  Detail: '{"grantId":"g-1"}',
  EventBusName: 'daypass',
  ...over,
});

const rule = (over: Partial<Rule> = {}): Rule => ({
  accountId: '111111111111',
  name: 'grants',
  eventBusName: 'daypass',
  pattern: { source: ['daypass'] },
  state: 'ENABLED',
  targets: [{ id: 't', functionName: 'notify', retry: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3_600 } }],
  ...over,
});

const assumeRole = (detail: Record<string, unknown> = {}): BusEvent => ({
  version: '0',
  id: 'e-1',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.sts',
  account: '222222222222',
  time: '2026-11-22T10:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { eventName: 'AssumeRole', readOnly: true, managementEvent: true, ...detail },
});
const onAssumeRole = (state: Rule['state']): Rule =>
  rule({
    accountId: '222222222222',
    name: state,
    pattern: { detail: { eventName: ['AssumeRole'] } },
    state,
    eventBusName: 'default',
  });

let buses: EventBus[] = [];
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.stop()));
  buses = [];
});

const start = (
  deliverTo: (functionName: string, event: BusEvent) => Promise<void>,
  world: { db?: DatabaseSync; clock?: TurnableClock } = {},
) => {
  const { db = new DatabaseSync(':memory:'), clock = turnableClock() } = world;
  let ids = 0;
  const bus = createEventBus({ db, clock, deliverTo, newId: () => `id-${++ids}`, random: () => 0 });
  buses.push(bus);
  return { bus, db, clock };
};

/** Handlers that note what they got. */
const noting = () => {
  const got: { functionName: string; event: BusEvent }[] = [];
  return { got, deliverTo: async (functionName: string, event: BusEvent) => void got.push({ functionName, event }) };
};

describe('PutEvents', () => {
  it('brings the entry as an event to the target of the rule that it matches', async () => {
    const { got, deliverTo } = noting();
    const { bus } = start(deliverTo);
    bus.putRule(rule());
    const answer = await bus.service.handle(putEvents([entry()]));
    await bus.idle();
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'id-1' }] });
    expect(got).toEqual([
      {
        functionName: 'notify',
        event: {
          version: '0',
          id: 'id-1',
          'detail-type': 'grant.activated',
          source: 'daypass',
          account: '111111111111',
          time: '2026-11-22T10:00:00Z',
          region: 'us-east-1',
          resources: [],
          detail: { grantId: 'g-1' },
        },
      },
    ]);
  });

  const refused: [says: string, entry: Record<string, unknown>, code: string][] = [
    ['a source of AWS', entry({ Source: 'aws.sts' }), 'NotAuthorizedForSourceException'],
    ['a detail that is no JSON', entry({ Detail: '{' }), 'MalformedDetail'],
    ['a detail that is no object', entry({ Detail: '[1]' }), 'MalformedDetail'],
    ['no detail', entry({ Detail: undefined }), 'InvalidArgument'],
    ['no source', entry({ Source: '' }), 'InvalidArgument'],
    ['an unknown bus', entry({ EventBusName: 'other' }), 'ResourceNotFoundException'],
    [
      'a bus of another account',
      entry({ EventBusName: 'arn:aws:events:us-east-1:222222222222:event-bus/daypass' }),
      'ResourceNotFoundException',
    ],
    ['more than 256 KB', entry({ Detail: JSON.stringify({ x: 'x'.repeat(256 * 1024) }) }), 'InvalidArgument'],
  ];
  it.each(refused)('%s fails alone', async (_, bad, code) => {
    const { got, deliverTo } = noting();
    const { bus } = start(deliverTo);
    bus.putRule(rule());
    const answer = await bus.service.handle(putEvents([bad, entry()]));
    await bus.idle();
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: code }, { EventId: expect.any(String) }],
    });
    expect(got).toHaveLength(1);
  });

  it.each([0, 11])('%i entries are refused whole', async (count) => {
    const { bus } = start(async () => {});
    const call = putEvents(Array.from({ length: count }, () => entry()));
    await expect(bus.service.handle(call)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('asks IAM once per bus', () => {
    const { bus } = start(async () => {});
    const needs = bus.service.needs(putEvents([entry(), entry(), entry({ EventBusName: undefined })]));
    expect(needs.map(({ action, resource }) => [action, resource])).toEqual([
      ['events:PutEvents', 'arn:aws:events:us-east-1:111111111111:event-bus/daypass'],
      ['events:PutEvents', 'arn:aws:events:us-east-1:111111111111:event-bus/default'],
    ]);
  });

  it('tells listeners of every accepted event, also of one that no rule wants, and of none of AWS', async () => {
    const { bus } = start(async () => {});
    const heard: string[] = [];
    const stop = bus.onPublished((event) => heard.push(event['detail-type']));
    await bus.service.handle(putEvents([entry(), entry({ Source: 'aws.x' })]));
    bus.put(assumeRole());
    stop();
    await bus.service.handle(putEvents([entry()]));
    expect(heard).toEqual(['grant.activated']);
  });

  it('does nothing else and says so', async () => {
    const { bus } = start(async () => {});
    await expect(bus.service.handle({ ...putEvents([]), action: 'PutTargets' })).rejects.toThrow(
      /does not do PutTargets/,
    );
  });
});

describe('rules', () => {
  it('get read-only management events of CloudTrail only in the state that asks for all of them', async () => {
    const { got, deliverTo } = noting();
    const { bus } = start(deliverTo);
    bus.putRule(onAssumeRole('ENABLED'));
    bus.putRule({
      ...onAssumeRole('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'),
      targets: [{ id: 't', functionName: 'detect', retry: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } }],
    });
    bus.putRule(onAssumeRole('DISABLED'));
    bus.put(assumeRole());
    await bus.idle();
    expect(got.map((one) => one.functionName)).toEqual(['detect']);
    bus.put(assumeRole({ readOnly: false }));
    bus.put(assumeRole({ managementEvent: false }));
    await bus.idle();
    expect(got.map((one) => one.functionName).sort()).toEqual(['detect', 'detect', 'detect', 'notify', 'notify']);
  });

  it('listen on their own bus', async () => {
    const { got, deliverTo } = noting();
    const { bus } = start(deliverTo);
    bus.putRule(rule({ eventBusName: 'default' }));
    await bus.service.handle(putEvents([entry()]));
    await bus.idle();
    expect(got).toEqual([]);
  });

  it('are refused with every problem', () => {
    const { bus } = start(async () => {});
    const retry = { maximumRetryAttempts: 186, maximumEventAgeInSeconds: 59 };
    const target = { id: 't', functionName: 'f', retry };
    expect(() => bus.putRule(rule({ pattern: { source: [{ is: 1 }] }, targets: [target] }))).toThrow(
      /"grants" cannot be put: source: "is" is no matcher.*maximumRetryAttempts is from 0 to 185.*maximumEventAgeInSeconds/,
    );
  });
});

describe('deliveries', () => {
  it('are retried after 1 s and 2 s, then lie in the dead letters with their last error', async () => {
    const attempts: number[] = [];
    const { bus, clock } = start(async () => {
      attempts.push(clock.nowMs());
      throw new TypeError(`failure ${attempts.length}`);
    });
    bus.putRule(rule());
    const startedMs = clock.nowMs();
    await bus.service.handle(putEvents([entry()]));
    await clock.turn(0);
    await clock.turn(10_000);
    await bus.idle();
    expect(attempts.map((ms) => ms - startedMs)).toEqual([0, 1_000, 3_000]);
    expect(bus.deadLetters()).toMatchObject([
      {
        rule: 'grants',
        targetId: 't',
        destination: 'notify',
        attempts: 3,
        exhausted: 'MaximumRetryAttempts',
        lastError: 'TypeError: failure 3',
        event: { id: 'id-1' },
      },
    ]);
  });

  it('end when the event would be too old for another try', async () => {
    let calls = 0;
    const { bus, clock } = start(async () => {
      calls++;
      throw new Error('down');
    });
    const retry = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 60 };
    bus.putRule(rule({ targets: [{ id: 't', functionName: 'notify', retry }] }));
    await bus.service.handle(putEvents([entry()]));
    await clock.turn(0);
    await clock.turn(3_600_000);
    await bus.idle();
    // Tries at 0, 1, 3, 7, 15 and 31 s; the next one would be at 63 s.
    expect(calls).toBe(6);
    expect(bus.deadLetters()).toMatchObject([{ exhausted: 'MaximumEventAgeInSeconds', attempts: 6 }]);
  });

  it('that succeed on a retry leave nothing behind', async () => {
    let calls = 0;
    const { bus, clock, db } = start(async () => {
      if (++calls === 1) throw new Error('once');
    });
    bus.putRule(rule());
    await bus.service.handle(putEvents([entry()]));
    await clock.turn(0);
    await clock.turn(1_000);
    await bus.idle();
    expect(calls).toBe(2);
    expect(bus.deadLetters()).toEqual([]);
    await bus.stop();
    expect(db.prepare('SELECT count(*) AS n FROM event_delivery').get()).toEqual({ n: 0 });
  });

  it('are on disk when PutEvents answers, and a later process takes them up', async () => {
    const db = new DatabaseSync(':memory:');
    const clock = turnableClock();
    const never = new Promise<void>(() => {});
    // This first process dies in the middle of the handler, so it is never stopped.
    const first = createEventBus({ db, clock, deliverTo: () => never, newId: () => 'id-1', random: () => 0 });
    first.putRule(rule());
    await first.service.handle(putEvents([entry()]));
    const { got, deliverTo } = noting();
    const { bus } = start(deliverTo, { db, clock });
    bus.resume();
    await bus.idle();
    expect(got.map(({ event }) => event.id)).toEqual(['id-1']);
  });

  it('keep their time of the next try over a restart', async () => {
    const { bus, clock, db } = start(async () => {
      throw new Error('down');
    });
    bus.putRule(rule());
    await bus.service.handle(putEvents([entry()]));
    await clock.turn(0);
    await clock.turn(500);
    await bus.stop();
    const { got, deliverTo } = noting();
    const { bus: next } = start(deliverTo, { db, clock });
    next.resume();
    await clock.turn(499);
    expect(got).toHaveLength(0);
    await clock.turn(1);
    await next.idle();
    expect(got).toHaveLength(1);
  });

  it('to one function run side by side, sixteen at most', async () => {
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const { bus } = start(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((open) => gates.push(open));
      running--;
    });
    bus.putRule(rule());
    for (let i = 0; i < 2; i++) await bus.service.handle(putEvents(Array.from({ length: 10 }, () => entry())));
    const idle = bus.idle();
    while (gates.length < 16) await new Promise((turn) => setImmediate(turn));
    expect(most).toBe(16);
    for (let opened = 0; opened < 20; ) {
      for (const open of gates.splice(0)) {
        opened++;
        open();
      }
      await new Promise((turn) => setImmediate(turn));
    }
    await idle;
    expect(most).toBe(16);
  });

  it('to one function never wait for those of another, however many there are and however long they take', async () => {
    const never: (() => void)[] = [];
    const got: string[] = [];
    const { bus } = start(async (functionName) => {
      if (functionName === 'notify') await new Promise<void>((done) => never.push(done));
      else got.push(functionName);
    });
    bus.putRule(rule());
    const retry = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };
    bus.putRule(
      rule({
        name: 'gates',
        pattern: { 'detail-type': ['grant.ending'] },
        targets: [{ id: 't', functionName: 'open-gate', retry }],
      }),
    );
    for (let i = 0; i < 5; i++) await bus.service.handle(putEvents(Array.from({ length: 10 }, () => entry())));
    await bus.service.handle(putEvents([entry({ DetailType: 'grant.ending' })]));
    for (let turns = 0; turns < 5; turns++) await new Promise((turn) => setImmediate(turn));
    expect({ got, stuck: never.length }).toEqual({ got: ['open-gate'], stuck: 16 });
    const stopped = bus.stop();
    for (const done of never) done();
    await stopped;
  });

  it('that fail in a crowd come less often, so that they leave room for others', async () => {
    const attempts: number[] = [];
    const { bus, clock } = start(async () => {
      attempts.push(clock.nowMs());
      throw new Error('Slack takes no more');
    });
    const retry = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };
    bus.putRule(rule({ targets: [{ id: 't', functionName: 'notify', retry }] }));
    for (let i = 0; i < 10; i++) await bus.service.handle(putEvents(Array.from({ length: 10 }, () => entry())));
    const startedMs = clock.nowMs();
    for (let second = 0; second <= 60; second++) await clock.turn(1_000);
    // Each of the hundred is tried at once; alone they would be tried after 1, 3, 7, 15 and 31 s as well, 600 tries.
    const again = attempts.filter((ms) => ms > startedMs).length;
    expect(again).toBeGreaterThan(100);
    expect(again).toBeLessThan(300);
  });

  it('under way are waited for by stop, and nothing new starts', async () => {
    const events: string[] = [];
    let open = (): void => {};
    const { bus } = start(async () => {
      events.push('started');
      await new Promise<void>((done) => {
        open = done;
      });
      events.push('ended');
    });
    bus.putRule(rule());
    await bus.service.handle(putEvents([entry()]));
    while (events.length === 0) await new Promise((turn) => setImmediate(turn));
    const stopped = bus.stop().then(() => events.push('stopped'));
    await bus.service.handle(putEvents([entry()]));
    open();
    await stopped;
    expect(events).toEqual(['started', 'ended', 'stopped']);
  });

  it('are undone together when one of them cannot be written', async () => {
    const { bus, db } = start(async () => {});
    bus.putRule(rule());
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON event_delivery WHEN (SELECT count(*) FROM event_delivery) = 1
      BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    await expect(bus.service.handle(putEvents([entry(), entry()]))).rejects.toThrow('disk full');
    expect(db.prepare('SELECT count(*) AS n FROM event_delivery').get()).toEqual({ n: 0 });
  });
});
