import { rules } from '#events/rules/registry.ts';
import { type Document, deadLetterQueueName, forwardRulePrefix, policyVersion } from './names.ts';

/** A rule of a target account that sends on what a rule of the hub waits for. */
export type ForwardRule = {
  name: string;
  description: string;
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  /** Without `account`: each form says in its own words which account it is in. */
  pattern: Readonly<Record<string, unknown>>;
  retry: { maximumEventAgeSec: number; maximumRetryAttempts: number };
};

/** The rules of the hub whose events happen in target accounts: those about CloudTrail. */
const forwarded = rules.filter(
  ({ bus, state }) => bus === 'default' && state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
);

/**
 * One for each CloudTrail rule of the hub, with the same pattern, so that nothing which the hub waits for stays behind.
 * Each form adds `account`, the account's own: what came from elsewhere is not sent on, whatever bus sends to whom. AWS
 * does not carry an event to a third account either, so every account and region sends straight to the hub:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export const forwardRules: readonly ForwardRule[] = forwarded.map(({ name, description, pattern, retry }) => ({
  name: `${forwardRulePrefix}${name.replace(/^daypass-/, '')}`,
  description: `For Daypass in the hub. ${description}`,
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  pattern,
  retry,
}));

/** EventBridge alone may take the forwarding role, and for these rules alone. */
export const forwardTrust = (accountId: unknown, ruleArns: unknown): Document => ({
  Version: policyVersion,
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: { 'aws:SourceArn': ruleArns } },
    },
  ],
});

export const forwardPolicy = (hubBusArn: string): Document => ({
  Version: policyVersion,
  Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: hubBusArn }],
});

/** Lets the forwarding rules put what they could not send on into the queue, and nobody put anything in the clear. */
export const deadLetterPolicy = (queueArn: unknown, ruleArns: unknown): Document => ({
  Version: policyVersion,
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnLike: { 'aws:SourceArn': ruleArns } },
    },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: queueArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

/** SQS keeps nothing for longer: fourteen days. */
export const deadLettersKeptSec = 14 * 86_400;

/** The bus of the hub on which its rules listen. */
export const hubBusArn = (hub: { accountId: string; region: string }): string =>
  `arn:aws:events:${hub.region}:${hub.accountId}:event-bus/default`;

/**
 * Rings once an event could not be sent on, until the queue is empty again. It stands in the account and region of the
 * queue and tells a topic there: what goes by way of the hub may be what does not arrive.
 */
export const deadLetterAlarm = {
  name: deadLetterQueueName,
  description:
    'Events of this account did not reach Daypass, so what happens here may go unseen. docs/runbook.md#dead-letters',
  namespace: 'AWS/SQS',
  metric: 'ApproximateNumberOfMessagesVisible',
  statistic: 'Maximum',
  periodSec: 300,
  comparison: 'GreaterThanThreshold',
  threshold: 0,
  missing: 'notBreaching',
} as const;
