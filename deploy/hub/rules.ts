import { rules } from '#events/rules/registry.ts';
import type { Rule } from '#events/rules/rule.ts';
import { functions } from '#functions/registry.ts';
import { deadLetterQueueName, functionLogicalId, pascal, scheduleRuleName } from './names.ts';
import { deadLetterQueue, letRuleSend } from './queue.ts';
import { arnOf, type Resource, type Resources, ref } from './resource.ts';

type Trigger = {
  name: string;
  target: string;
  retry: Rule['retry'];
  properties: Readonly<Record<string, unknown>>;
};

/** A rule with its one target, the permission to invoke it and a queue for what could not be handed over. */
const ruleWithTarget = ({ name, target, retry, properties }: Trigger): [string, Resource][] => {
  const id = pascal(name);
  const [rule, queue] = [`${id}Rule`, `${id}DeadLetters`];
  return [
    [
      rule,
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: name,
          ...properties,
          Targets: [
            {
              Id: target,
              Arn: arnOf(functionLogicalId(target)),
              RetryPolicy: {
                MaximumEventAgeInSeconds: retry.maximumEventAgeSec,
                MaximumRetryAttempts: retry.maximumRetryAttempts,
              },
              DeadLetterConfig: { Arn: arnOf(queue) },
            },
          ],
        },
      },
    ],
    [queue, deadLetterQueue(deadLetterQueueName(name))],
    [`${queue}Policy`, letRuleSend(queue, rule)],
    [
      `${id}Permission`,
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: arnOf(functionLogicalId(target)),
          Principal: 'events.amazonaws.com',
          SourceArn: arnOf(rule),
        },
      },
    ],
  ];
};

/** The rules of `events/rules`. */
export const ruleResources = (): Resources =>
  Object.fromEntries(
    rules.flatMap(({ name, description, state, bus, pattern, target, retry }) =>
      ruleWithTarget({
        name,
        target,
        retry,
        properties: {
          Description: description,
          State: state,
          EventBusName: bus === 'daypass' ? ref('DaypassBus') : bus,
          EventPattern: pattern,
        },
      }),
    ),
  );

const rate = (everySec: number): string => {
  const minutes = everySec / 60;
  if (Number.isInteger(minutes) && minutes >= 1) return minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`;
  throw new RangeError(`EventBridge schedules in whole minutes, not every ${everySec} seconds.`);
};

/**
 * The functions that run by the clock. A rule and not EventBridge Scheduler: it needs no role. A run that could not be
 * handed over is tried again until the next one is due, which does the same work.
 */
export const scheduleResources = (): Resources =>
  Object.fromEntries(
    functions.flatMap(({ name, description, trigger }) =>
      trigger.kind === 'schedule'
        ? ruleWithTarget({
            name: scheduleRuleName(name),
            target: name,
            retry: { maximumEventAgeSec: Math.max(60, trigger.everySec), maximumRetryAttempts: 3 },
            properties: { Description: description, State: 'ENABLED', ScheduleExpression: rate(trigger.everySec) },
          })
        : [],
    ),
  );
