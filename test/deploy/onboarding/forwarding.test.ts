import { describe, expect, it } from 'vitest';
import { trailSample } from '#core/detection/sample-records.ts';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import { onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { terraform } from '#deploy/onboarding/terraform.ts';
import { rules } from '#events/rules/registry.ts';
import { checkPattern } from '#local/aws/events/check-pattern.ts';
import { matches } from '#local/aws/events/pattern.ts';
import type { Rule } from '#local/aws/events/rules.ts';
import { loadTemplate } from '#local/cloudformation/load.ts';
import { deployedFrom } from '#local/cloudformation/resources.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { production, sampleTemplate } from './world.ts';

const rulesIn = (accountId: string, region: string): Rule[] => {
  const place = { accountId, region };
  return deployedFrom(loadTemplate(sampleTemplate(), place), place).rules;
};
const forwarding = rulesIn(production, 'us-east-1');
const sends = (event: Readonly<Record<string, unknown>>): boolean =>
  forwarding.some(({ pattern }) => matches(pattern, event));

const waiting = rules.filter(({ bus }) => bus === 'default');
const samples = waiting.flatMap((rule) =>
  rule.samples.matches
    .filter(({ source }) => source !== 'aws.states')
    .map((event, index) => [`${rule.name} ${index}`, event] as const),
);

it('the hub waits for events of target accounts, and of its own state machines', () => {
  expect(samples.length).toBeGreaterThan(10);
  const own = waiting.filter(
    ({
      samples: {
        matches: [first],
      },
    }) => first?.source === 'aws.states',
  );
  expect(own.map(({ name }) => name)).toEqual(['daypass-execution-failed']);
});

describe('every event that a rule of the hub waits for', () => {
  it.each(samples)('%s is sent on', (_, event) => {
    expect(sends({ ...event, account: production })).toBe(true);
  });

  it.each(samples)('%s is not sent on where it came from another account', (_, event) => {
    expect(sends({ ...event, account: '333333333333' })).toBe(false);
    expect(sends({ ...event, account: '111111111111' })).toBe(false);
  });
});

it('a sign-in by a managed role is sent on', () => {
  const signIn = trailSample('signin', 'ConsoleLogin', production, {
    userIdentity: {
      type: 'AssumedRole',
      sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${production}:role/daypass-jit-orders-admin` } },
    },
  });
  expect(sends({ ...signIn, 'detail-type': 'AWS Console Sign In via CloudTrail' })).toBe(true);
});

it('what does not concern Daypass stays where it is', () => {
  expect(sends(trailSample('s3', 'CreateBucket', production, { userIdentity: { type: 'IAMUser' } }))).toBe(false);
  expect(sends(trailSample('iam', 'CreateUser', production, { userIdentity: { type: 'IAMUser' } }))).toBe(false);
});

it('each rule is one that EventBridge takes, hears read-only events, and sends straight to the hub with its own role', () => {
  for (const rule of forwarding) {
    expect(checkPattern(rule.pattern)).toEqual([]);
    expect(rule).toMatchObject({
      accountId: production,
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      targets: [
        {
          eventBusArn: 'arn:aws:events:us-east-1:111111111111:event-bus/default',
          roleArn: `arn:aws:iam::${production}:role/daypass-forward`,
          retry: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        },
      ],
    });
    expect(rule.name).toMatch(/^daypass-forward-/);
  }
});

it('the rules are the same in every region, and IAM is in one', () => {
  const place = { accountId: production, region: 'eu-central-1' };
  const abroad = deployedFrom(loadTemplate(sampleTemplate(), place), place);
  expect(abroad.rules).toEqual(forwarding);
  expect([abroad.roles, abroad.managedPolicies]).toEqual([[], []]);
});

describe('events that could not be sent on', () => {
  const policy = samplePolicy();
  const plan = onboardingPlan(policy, targetsOf(policy));

  it('ring an alarm in their own account and region, as long as one lies in the queue', () => {
    const { DeadLettersAlarm: alarm, DeadLetters: queue, ForwardAlarms: topic } = cloudFormation(plan).Resources;
    expect(queue?.Properties.QueueName).toBe('daypass-forward-dead-letters');
    expect(topic?.Properties.TopicName).toBe('daypass-forward-alarms');
    expect([alarm?.Condition, topic?.Condition]).toEqual([undefined, undefined]);
    expect(alarm?.Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'daypass-forward-dead-letters' }],
      Statistic: 'Maximum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'ForwardAlarms' }],
    });
  });

  it('do so where Terraform sets the account up, in every region that is switched on', () => {
    const [account] = plan.accounts;
    if (!account) throw new Error('The plan has no account.');
    const { aws_cloudwatch_metric_alarm: alarms } = terraform(plan, account).resource;
    expect(alarms?.daypass_dead_letters).toMatchObject({
      for_each: '${data.aws_regions.enabled.names}',
      metric_name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: 'daypass-forward-dead-letters' },
      threshold: 0,
      comparison_operator: 'GreaterThanThreshold',
      alarm_actions: ['${aws_sns_topic.daypass_forward_alarms[each.value].arn}'],
    });
  });
});
