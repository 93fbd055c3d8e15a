import { pascal } from '../hub/names.ts';
import {
  deadLetterAlarm,
  deadLetterPolicy,
  deadLettersKeptSec,
  forwardPolicy,
  forwardRules,
  forwardTrust,
  hubBusArn,
} from './forwarding.ts';
import { deadLetterQueueName, forwardRoleName, forwardRulePrefix, forwardTopicName, tags } from './names.ts';
import type { AccountPlan, OnboardingPlan } from './plan.ts';
import { type Blocks, Expression, json } from './terraform-text.ts';

/** In every region that the account has switched on. */
const everywhere = { for_each: '${data.aws_regions.enabled.names}', region: '${each.value}' };

const ruleArnsIn = ({ accountId }: AccountPlan): string => `arn:aws:events:*:${accountId}:rule/${forwardRulePrefix}*`;

/** The role with which EventBridge sends events to the hub. */
export const forwardRole = (plan: OnboardingPlan, account: AccountPlan): { role: Blocks; policy: Blocks } => ({
  role: {
    daypass_forward: {
      name: forwardRoleName,
      description: 'EventBridge sends events about roles to the hub of Daypass with this role.',
      assume_role_policy: json(forwardTrust(account.accountId, ruleArnsIn(account))),
      tags,
    },
  },
  policy: {
    daypass_forward: {
      name: 'forward',
      role: '${aws_iam_role.daypass_forward.name}',
      policy: json(forwardPolicy(hubBusArn(plan.hub))),
    },
  },
});

/** The rules that send events to the hub, and the queue for what they could not send. */
export const forwarding = (plan: OnboardingPlan, account: AccountPlan): Readonly<Record<string, Blocks>> => ({
  aws_sqs_queue: {
    daypass_dead_letters: {
      ...everywhere,
      name: deadLetterQueueName,
      message_retention_seconds: deadLettersKeptSec,
      sqs_managed_sse_enabled: true,
      tags,
    },
  },
  aws_sqs_queue_policy: {
    daypass_dead_letters: {
      ...everywhere,
      queue_url: '${aws_sqs_queue.daypass_dead_letters[each.value].url}',
      policy: json(
        deadLetterPolicy(new Expression('aws_sqs_queue.daypass_dead_letters[each.value].arn'), ruleArnsIn(account)),
      ),
    },
  },
  aws_sns_topic: {
    daypass_forward_alarms: { ...everywhere, name: forwardTopicName, display_name: 'Daypass', tags },
  },
  aws_cloudwatch_metric_alarm: {
    daypass_dead_letters: {
      ...everywhere,
      alarm_name: deadLetterAlarm.name,
      alarm_description: deadLetterAlarm.description,
      namespace: deadLetterAlarm.namespace,
      metric_name: deadLetterAlarm.metric,
      dimensions: { QueueName: deadLetterQueueName },
      statistic: deadLetterAlarm.statistic,
      period: deadLetterAlarm.periodSec,
      evaluation_periods: 1,
      comparison_operator: deadLetterAlarm.comparison,
      threshold: deadLetterAlarm.threshold,
      treat_missing_data: deadLetterAlarm.missing,
      alarm_actions: ['${aws_sns_topic.daypass_forward_alarms[each.value].arn}'],
      ok_actions: ['${aws_sns_topic.daypass_forward_alarms[each.value].arn}'],
      tags,
    },
  },
  aws_cloudwatch_event_rule: Object.fromEntries(
    forwardRules.map(({ name, description, state, pattern }) => [
      pascal(name),
      {
        ...everywhere,
        name,
        description,
        state,
        event_pattern: json({ account: [account.accountId], ...pattern }),
        tags,
      },
    ]),
  ),
  aws_cloudwatch_event_target: Object.fromEntries(
    forwardRules.map(({ name, retry }) => [
      pascal(name),
      {
        ...everywhere,
        rule: `\${aws_cloudwatch_event_rule.${pascal(name)}[each.value].name}`,
        target_id: 'hub',
        arn: hubBusArn(plan.hub),
        role_arn: '${aws_iam_role.daypass_forward.arn}',
        retry_policy: {
          maximum_event_age_in_seconds: retry.maximumEventAgeSec,
          maximum_retry_attempts: retry.maximumRetryAttempts,
        },
        dead_letter_config: { arn: '${aws_sqs_queue.daypass_dead_letters[each.value].arn}' },
      },
    ]),
  ),
});
