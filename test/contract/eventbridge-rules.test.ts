import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rule } from '#local/aws/events/rules.ts';
import { startWire, type Wire } from '#test/local/aws/events/wire-stack.ts';

const rule: Rule = {
  accountId: '111111111111',
  name: 'grants',
  eventBusName: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': [{ prefix: 'grant.' }] },
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  targets: [
    { id: 'notify', functionName: 'notify', retry: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3_600 } },
  ],
};
const named = { Name: 'grants', EventBusName: 'daypass' };

let wire: Wire;
let hub: EventBridgeClient;
let production: EventBridgeClient;

beforeAll(async () => {
  wire = await startWire({ rules: [rule] });
  const as = (accountId: string, name: string) => new EventBridgeClient(wire.settings(wire.userKeys(accountId, name)));
  hub = as('111111111111', 'hub-admin');
  production = as('222222222222', 'production-admin');
});
afterAll(async () => {
  hub.destroy();
  production.destroy();
  await wire.close();
  expect(wire.faults).toEqual([]);
});

/** How many events of a new grant come through. */
const delivered = async (): Promise<number> => {
  wire.delivered.length = 0;
  const Entries = [{ Source: 'daypass', DetailType: 'grant.activated', Detail: '{}', EventBusName: 'daypass' }];
  await hub.send(new PutEventsCommand({ Entries }));
  await wire.bus.idle();
  return wire.delivered.length;
};

describe('rules over the wire', () => {
  it('are described as they were put', async () => {
    const described = await hub.send(new DescribeRuleCommand(named));
    expect(described).toMatchObject({
      Name: 'grants',
      Arn: 'arn:aws:events:us-east-1:111111111111:rule/daypass/grants',
      EventBusName: 'daypass',
      State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    });
    expect(JSON.parse(described.EventPattern ?? '')).toEqual(rule.pattern);
    const { Targets } = await hub.send(new ListTargetsByRuleCommand({ Rule: 'grants', EventBusName: 'daypass' }));
    expect(Targets).toEqual([
      {
        Id: 'notify',
        Arn: 'arn:aws:lambda:us-east-1:111111111111:function:daypass-notify',
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3_600 },
      },
    ]);
  });

  it('that are disabled let nothing through, and EnableRule makes them plain ENABLED', async () => {
    expect(await delivered()).toBe(1);
    await hub.send(new DisableRuleCommand(named));
    expect(await delivered()).toBe(0);
    expect(await hub.send(new DescribeRuleCommand(named))).toMatchObject({ State: 'DISABLED' });
    await hub.send(new EnableRuleCommand(named));
    expect(await delivered()).toBe(1);
    expect(await hub.send(new DescribeRuleCommand(named))).toMatchObject({ State: 'ENABLED' });
  });

  it('take another pattern and state', async () => {
    const EventPattern = '{"source":["somebody.else"]}';
    await hub.send(new PutRuleCommand({ ...named, EventPattern, State: 'ENABLED' }));
    expect(await delivered()).toBe(0);
    await hub.send(new PutRuleCommand({ ...named, EventPattern: JSON.stringify(rule.pattern), State: rule.state }));
    expect(await delivered()).toBe(1);
  });

  it.each(['{', '[]', '{"source":"daypass"}', '{}'])('do not take the pattern %s', async (EventPattern) => {
    await expect(hub.send(new PutRuleCommand({ ...named, EventPattern }))).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
  });

  it('are those of the caller’s account, on the bus that was named', async () => {
    const absent = { name: 'ResourceNotFoundException' };
    await expect(production.send(new DescribeRuleCommand(named))).rejects.toMatchObject(absent);
    await expect(hub.send(new DescribeRuleCommand({ Name: 'grants' }))).rejects.toMatchObject(absent);
    await expect(hub.send(new ListTargetsByRuleCommand({ Rule: 'none' }))).rejects.toMatchObject(absent);
  });

  it('are on buses that are described with their policy', async () => {
    const arn = 'arn:aws:events:us-east-1:111111111111:event-bus/default';
    expect(await hub.send(new DescribeEventBusCommand({}))).toMatchObject({ Name: 'default', Arn: arn });
    const Principal = { AWS: 'arn:aws:iam::222222222222:root' };
    const statement = { Effect: 'Allow', Principal, Action: 'events:PutEvents', Resource: arn };
    wire.bus.allow(arn, statement);
    const { Policy } = await hub.send(new DescribeEventBusCommand({ Name: 'default' }));
    expect(JSON.parse(Policy ?? '')).toMatchObject({ Statement: [statement] });
    await expect(hub.send(new DescribeEventBusCommand({ Name: 'other' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are not for everybody', async () => {
    const reader = new EventBridgeClient(wire.settings(wire.userKeys('222222222222', 'reader')));
    await expect(reader.send(new DescribeRuleCommand(named))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    reader.destroy();
  });
});
