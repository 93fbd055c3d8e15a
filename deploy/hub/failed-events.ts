import { rules } from '#events/rules/registry.ts';
import type { FunctionConfig } from '#functions/config.ts';
import { functions } from '#functions/registry.ts';
import { failedEventsQueueName, functionLogicalId, pascal, retriesQueueName } from './names.ts';
import { deadLetterQueue } from './queue.ts';
import { arnOf, type Resource, type Resources, ref } from './resource.ts';

/*
 * EventBridge is done once Lambda has taken the event, so a rule's retries and dead-letter queue do not cover a
 * function that fails. Lambda itself tries twice more within minutes, then puts the event into a queue:
 * docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 * Slack may well be away for longer than that. From the queue the function gets the event again every five minutes for
 * a day, as long as EventBridge would have gone on; after that it lies in `…-failed-events`, and an alarm rings.
 */

const isScheduled = (name: string): boolean =>
  functions.some((config) => config.name === name && config.trigger.kind === 'schedule');

/** Functions that EventBridge invokes. Machines and the HTTP API wait for an answer and see a failure themselves. */
export const isInvokedByEvents = (name: string): boolean =>
  rules.some(({ target }) => target === name) || isScheduled(name);

/** What runs by the clock does the same work at its next time; trying again as well would only pile up. */
export const isTriedAgain = (name: string): boolean => isInvokedByEvents(name) && !isScheduled(name);

const againEverySec = 300;
const triesInADay = 86_400 / againEverySec;

const failedId = (name: string): string => `${pascal(name)}FailedEvents`;
const retriesId = (name: string): string => `${pascal(name)}Retries`;
const firstQueueId = (name: string): string => (isTriedAgain(name) ? retriesId(name) : failedId(name));

/** Lambda puts a failed event into the queue, and takes it from there again, with the function's own role. */
export const failedEventsStatements = (name: string) => [
  { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf(firstQueueId(name)) },
  ...(isTriedAgain(name)
    ? [
        {
          Effect: 'Allow',
          Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          Resource: arnOf(retriesId(name)),
        },
      ]
    : []),
];

const retries = (name: string): Resources => {
  const queue = deadLetterQueue(retriesQueueName(name));
  return {
    [retriesId(name)]: {
      ...queue,
      Properties: {
        ...queue.Properties,
        VisibilityTimeout: againEverySec,
        RedrivePolicy: { deadLetterTargetArn: arnOf(failedId(name)), maxReceiveCount: triesInADay },
      },
    },
    [`${retriesId(name)}Source`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: ref(functionLogicalId(name)),
        EventSourceArn: arnOf(retriesId(name)),
        // One at a time: a message that fails must not take others back into the queue with it.
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
      // Lambda asks at once whether the function's role may read the queue.
      DependsOn: [`${pascal(name)}Role`],
    },
  };
};

const destinationOf = (name: string): Resource => ({
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: {
    FunctionName: ref(functionLogicalId(name)),
    Qualifier: '$LATEST',
    MaximumEventAgeInSeconds: 21_600,
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: arnOf(firstQueueId(name)) } },
  },
});

/** Throws a RangeError for a function that may run for longer than its message is hidden from others. */
const queuesOf = ({ name, timeoutSec }: FunctionConfig): Resources => {
  if (isTriedAgain(name) && timeoutSec > againEverySec) {
    throw new RangeError(
      `${name} may run for ${timeoutSec} s, and its failed events come again every ${againEverySec} s.`,
    );
  }
  return {
    [failedId(name)]: deadLetterQueue(failedEventsQueueName(name)),
    ...(isTriedAgain(name) && retries(name)),
    [`${pascal(name)}EventInvokeConfig`]: destinationOf(name),
  };
};

export const failedEventResources = (): Resources =>
  Object.assign({}, ...functions.filter(({ name }) => isInvokedByEvents(name)).map(queuesOf));
