import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { rules } from '#events/rules/registry.ts';
import type { Rule, RuleEvent } from '#events/rules/rule.ts';
import { createEventBus } from '#local/aws/events/bus.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import { checkPattern } from '#local/aws/events/check-pattern.ts';
import { matches } from '#local/aws/events/pattern.ts';
import type { Rule as BusRule } from '#local/aws/events/rules.ts';
import { turnableClock } from '#local/clock.ts';
import { compiled, ofType, resolved } from './compiled.ts';

/**
 * The rules' samples, the patterns as deployed and the local bus, held against each other. `aws events
 * test-event-pattern` would be a fourth opinion; it is a call to AWS, so it cannot be asked offline.
 */
const template = compiled();

type DeployedRule = {
  Name: string;
  State: Rule['state'];
  EventBusName?: string;
  EventPattern?: Rule['pattern'];
  ScheduleExpression?: string;
  Targets: {
    Id: string;
    Arn: string;
    RetryPolicy: { MaximumEventAgeInSeconds: number; MaximumRetryAttempts: number };
    DeadLetterConfig: { Arn: string };
  }[];
};
const deployed = ofType(template, 'AWS::Events::Rule').map(
  ([id, properties]) => ({ id, ...(resolved(template, properties) as DeployedRule) }) as const,
);
const deployedAs = (name: string) => {
  const found = deployed.find(({ Name }) => Name === name);
  if (!found) throw new Error(`The template has no rule ${name}.`);
  return found;
};

/** A rule of the registry as the embedded stack puts it on its bus. */
const onLaptop = ({ name, pattern, state, bus, target, retry }: Rule): BusRule => ({
  accountId: '111111111111',
  name,
  pattern,
  state,
  eventBusName: bus,
  targets: [
    {
      id: target,
      functionName: target,
      retry: {
        maximumRetryAttempts: retry.maximumRetryAttempts,
        maximumEventAgeInSeconds: retry.maximumEventAgeSec,
      },
    },
  ],
});

/** The deployed rule on the same bus. Its bus is a reference to the one that the template makes. */
const asDeployed = ({ Name, State, EventBusName, EventPattern, Targets }: DeployedRule): BusRule => ({
  accountId: '111111111111',
  name: Name,
  pattern: EventPattern ?? {},
  state: State,
  eventBusName: EventBusName === 'DaypassBus' ? 'daypass' : (EventBusName ?? 'default'),
  targets: Targets.map(({ Id, Arn, RetryPolicy }) => ({
    id: Id,
    functionName: Arn.replace('arn:aws:lambda:us-east-1:111111111111:function:daypass-', ''),
    retry: {
      maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
      maximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
    },
  })),
});

/**
 * Which functions a bus with this one rule hands an event to. Events of AWS arrive of themselves, ours by PutEvents.
 */
const handedTo = async (rule: BusRule, sample: RuleEvent): Promise<string[]> => {
  const reached: string[] = [];
  const bus = createEventBus({
    db: new DatabaseSync(':memory:'),
    clock: turnableClock(Date.parse('2026-11-22T10:00:00Z')),
    deliverTo: async (functionName) => void reached.push(functionName),
  });
  const event = { version: '0', id: 'e', account: '111111111111', region: 'us-east-1', resources: [], ...sample };
  // An event of a target account would need its forwarding rule; here only the pattern is asked.
  bus.putRule({ ...rule, accountId: event.account });
  if (rule.eventBusName === 'default') bus.put(event as unknown as BusEvent);
  else {
    const entry = { Source: sample.source, DetailType: sample['detail-type'], Detail: JSON.stringify(sample.detail) };
    await bus.service.handle({
      service: 'events',
      region: 'us-east-1',
      action: 'PutEvents',
      input: { Entries: [{ ...entry, EventBusName: 'daypass' }] },
      caller: { kind: 'user', accountId: '111111111111', arn: '', userId: '', userName: '', accessKeyId: '' },
      sourceIp: '127.0.0.1',
      userAgent: 'test',
      requestId: 'r',
      atMs: Date.parse('2026-11-22T10:00:00Z'),
    });
  }
  await bus.idle();
  await bus.stop();
  return reached;
};

describe.each(rules)('$name', (rule) => {
  const there = deployedAs(rule.name);

  test('is deployed with its own pattern, state, bus, target and retries', () => {
    expect(there.EventPattern).toEqual(rule.pattern);
    expect(asDeployed(there)).toEqual(onLaptop(rule));
  });

  test('is within the limits of EventBridge', () => {
    expect(JSON.stringify(there.EventPattern).length).toBeLessThanOrEqual(2048);
    expect(checkPattern(there.EventPattern)).toEqual([]);
    expect(there.Targets.length).toBeLessThanOrEqual(5);
  });

  test('its samples, the deployed pattern and the bus of the laptop agree', async () => {
    const samples = [
      ...rule.samples.matches.map((sample) => ({ sample, expected: true })),
      ...rule.samples.doesNot.map((sample) => ({ sample, expected: false })),
    ];
    expect(new Set(samples.map(({ expected }) => expected)).size).toBe(2);
    for (const { sample, expected } of samples) {
      expect({ sample, matches: matches(there.EventPattern ?? {}, sample) }).toEqual({ sample, matches: expected });
      for (const form of [onLaptop(rule), asDeployed(there)]) {
        expect({ sample, handedTo: await handedTo(form, sample) }).toEqual({
          sample,
          handedTo: expected ? [rule.target] : [],
        });
      }
    }
  });
});

test('nothing is deployed as a rule but the registry and the schedules', () => {
  const byPattern = deployed.filter(({ EventPattern }) => EventPattern).map(({ Name }) => Name);
  expect(byPattern.sort()).toEqual(rules.map(({ name }) => name).sort());
  const byTheClock = deployed.filter(({ EventPattern }) => !EventPattern);
  expect(byTheClock.map(({ Name, ScheduleExpression, State }) => [Name, ScheduleExpression, State])).toEqual([
    ['daypass-schedule-sweep', 'rate(5 minutes)', 'ENABLED'],
    ['daypass-schedule-check-people', 'rate(5 minutes)', 'ENABLED'],
  ]);
  expect(byTheClock[0]?.Targets).toEqual([
    {
      Id: 'sweep',
      Arn: 'arn:aws:lambda:us-east-1:111111111111:function:daypass-sweep',
      RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 3 },
      DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:111111111111:daypass-schedule-sweep-dead-letters' },
    },
  ]);
});

test('each rule has a dead-letter queue of its own, into which only it may put', () => {
  const queues = deployed.map(({ Targets }) => Targets[0]?.DeadLetterConfig.Arn ?? '');
  expect(new Set(queues).size).toBe(deployed.length);
  const policies = ofType(template, 'AWS::SQS::QueuePolicy').map(([, properties]) => {
    const { PolicyDocument } = resolved(template, properties) as {
      PolicyDocument: { Statement: { Effect: string; Resource: string }[] };
    };
    return PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow');
  });
  expect(policies).toEqual(
    deployed.map(({ Name, Targets }) => [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: Targets[0]?.DeadLetterConfig.Arn,
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:us-east-1:111111111111:rule/${Name}` } },
      },
    ]),
  );
});

test('each rule may invoke its target, and the target lets nobody else of EventBridge in', () => {
  const permissions = ofType(template, 'AWS::Lambda::Permission')
    .map(([, properties]) => resolved(template, properties) as Record<string, string>)
    .filter(({ Principal }) => Principal === 'events.amazonaws.com');
  expect(permissions).toEqual(
    deployed.map(({ Name, Targets }) => ({
      Action: 'lambda:InvokeFunction',
      FunctionName: Targets[0]?.Arn,
      Principal: 'events.amazonaws.com',
      SourceArn: `arn:aws:events:us-east-1:111111111111:rule/${Name}`,
    })),
  );
});
