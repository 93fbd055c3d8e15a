import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { createEventBus, type EventBus, type Forward } from '#local/aws/events/bus.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { Rule } from '#local/aws/events/rules.ts';
import { turnableClock } from '#local/clock.ts';

const [hub, production, partner] = ['111111111111', '222222222222', '333333333333'];
const retry = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };
const busOf = (accountId: string): string => `arn:aws:events:us-east-1:${accountId}:event-bus/default`;
const roleOf = (accountId: string): string => `arn:aws:iam::${accountId}:role/daypass-forward`;

const forward = (from: string, to: string, over: Partial<Rule> = {}): Rule => ({
  accountId: from,
  name: `to-${to}`,
  state: 'ENABLED',
  pattern: { source: ['aws.iam'] },
  targets: [{ id: 'bus', eventBusArn: busOf(to), roleArn: roleOf(from), retry }],
  ...over,
});
const receive = (accountId: string, functionName: string): Rule => ({
  accountId,
  name: functionName,
  state: 'ENABLED',
  pattern: { source: ['aws.iam'] },
  targets: [{ id: 'function', functionName, retry }],
});
const letIn = (accountIds: readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: accountIds.map((id) => `arn:aws:iam::${id}:root`) },
  Action: 'events:PutEvents',
  Resource: busOf(hub),
  ...more,
});
const event = (account: string): BusEvent => ({
  version: '0',
  id: 'e-1',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.iam',
  account,
  time: '2026-11-22T10:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { eventName: 'DeleteRole', readOnly: false, managementEvent: true },
});

let bus: EventBus | undefined;
afterEach(() => bus?.stop());

const start = (
  rules: readonly Rule[],
  mayForward: (forward: Forward) => boolean = () => true,
  db = new DatabaseSync(':memory:'),
) => {
  const got: { functionName: string; event: BusEvent }[] = [];
  const opened = createEventBus({
    db,
    clock: turnableClock(),
    mayForward,
    deliverTo: async (functionName, delivered) => void got.push({ functionName, event: delivered }),
  });
  bus = opened;
  for (const rule of rules) opened.putRule(rule);
  const send = async (one: BusEvent): Promise<string[]> => {
    opened.put(one);
    await opened.idle();
    return got.map(({ functionName }) => functionName);
  };
  return { bus: opened, got, send, db };
};

describe('an event of AWS', () => {
  it('reaches the rules of its own account alone', async () => {
    const { send } = start([receive(hub, 'of-the-hub'), receive(production, 'of-production')]);
    expect(await send(event(production))).toEqual(['of-production']);
  });

  it('goes on to the hub by a rule, with its account and id as they are', async () => {
    const { bus, send, got } = start([forward(production, hub), receive(hub, 'detect')]);
    bus.allow(busOf(hub), letIn([production]));
    expect(await send(event(production))).toEqual(['detect']);
    expect(got[0]?.event).toEqual(event(production));
    expect(bus.deadLetters()).toEqual([]);
  });

  it('is not sent on a second time: not to a third account, not back, not round', async () => {
    const rules = [
      forward(production, hub),
      forward(hub, partner),
      forward(hub, production),
      receive(partner, 'third'),
      receive(hub, 'detect'),
    ];
    const { bus, send } = start(rules);
    for (const accountId of [hub, production, partner]) {
      bus.allow(busOf(accountId), { ...letIn([hub, production, partner]), Resource: busOf(accountId) });
    }
    expect(await send(event(production))).toEqual(['detect']);
    expect((await send(event(hub))).sort()).toEqual(['detect', 'detect', 'third']);
  });

  it('is on disk at the hub when it was put, and a later process delivers it', async () => {
    const db = new DatabaseSync(':memory:');
    const first = start([forward(production, hub), receive(hub, 'detect')], () => true, db);
    first.bus.allow(busOf(hub), letIn([production]));
    // This process ends before it delivers anything.
    first.bus.put(event(production));
    await first.bus.stop();
    expect(first.got).toEqual([]);
    expect(db.prepare('SELECT function_name FROM event_delivery').all()).toEqual([{ function_name: 'detect' }]);
    const second = start([], () => true, db);
    second.bus.resume();
    await second.bus.idle();
    expect(second.got.map(({ functionName }) => functionName)).toEqual(['detect']);
  });
});

describe('an event that may not go on becomes a dead letter and is not tried again', () => {
  const refusals: [what: string, statement: object | undefined][] = [
    ['without a policy on the bus', undefined],
    ['where the policy names another account', letIn([partner])],
    [
      'where the policy takes other events',
      letIn([production], { Condition: { 'ForAllValues:StringLike': { 'events:source': 'orders' } } }),
    ],
    ['where the policy is of another bus', { ...letIn([production]), Resource: busOf(partner) }],
  ];
  it.each(refusals)('%s', async (_, statement) => {
    const { bus, send } = start([forward(production, hub), receive(hub, 'detect')]);
    if (statement) bus.allow(busOf(hub), statement as Record<string, unknown>);
    expect(await send(event(production))).toEqual([]);
    expect(bus.deadLetters()).toMatchObject([
      {
        rule: `to-${hub}`,
        targetId: 'bus',
        destination: busOf(hub),
        event: event(production),
        attempts: 1,
        exhausted: 'NoPermissions',
        lastError: expect.stringContaining(`The policy of ${busOf(hub)} does not let`),
      },
    ]);
  });

  it('where the role does not let EventBridge', async () => {
    const asked: Forward[] = [];
    const { bus, send } = start([forward(production, hub), receive(hub, 'detect')], (one) => {
      asked.push(one);
      return false;
    });
    bus.allow(busOf(hub), letIn([production]));
    expect(await send(event(production))).toEqual([]);
    expect(bus.deadLetters()).toMatchObject([{ exhausted: 'NoPermissions' }]);
    expect(asked).toEqual([
      {
        roleArn: roleOf(production),
        ruleArn: `arn:aws:events:us-east-1:${production}:rule/to-${hub}`,
        eventBusArn: busOf(hub),
        context: { 'events:source': ['aws.iam'], 'events:detail-type': ['AWS API Call via CloudTrail'] },
      },
    ]);
  });
});
