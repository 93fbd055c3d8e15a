import { arnOf, type Resource, ref } from './resource.ts';

/** Fourteen days: SQS keeps nothing for longer. */
const keptForSec = 14 * 86_400;

/**
 * For what could not be delivered. It holds events, which name people and roles, so it is encrypted (by SQS's own key,
 * which costs nothing).
 */
export const deadLetterQueue = (name: string): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName: name, MessageRetentionPeriod: keptForSec, SqsManagedSseEnabled: true },
});

/** Lets one rule put what it could not hand over, and nobody put anything in the clear. */
export const letRuleSend = (queueLogicalId: string, ruleLogicalId: string): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [ref(queueLogicalId)],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arnOf(queueLogicalId),
          Condition: { ArnEquals: { 'aws:SourceArn': arnOf(ruleLogicalId) } },
        },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: arnOf(queueLogicalId),
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  },
});
