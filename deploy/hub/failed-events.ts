import { rules } from '#events/rules/registry.ts';
import { functions } from '#functions/registry.ts';
import { failedEventsQueueName, functionLogicalId, pascal } from './names.ts';
import { deadLetterQueue } from './queue.ts';
import { arnOf, type Resources, ref } from './resource.ts';

/** Functions that EventBridge invokes. Machines and the HTTP API wait for an answer and see a failure themselves. */
export const isInvokedByEvents = (name: string): boolean =>
  rules.some(({ target }) => target === name) ||
  functions.some((config) => config.name === name && config.trigger.kind === 'schedule');

const queueId = (name: string): string => `${pascal(name)}FailedEvents`;

/** Lambda puts a failed event into the queue with the function's own role. */
export const failedEventsStatement = (name: string) => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: arnOf(queueId(name)),
});

/**
 * EventBridge is done once Lambda has taken the event, so a rule's retries and dead-letter queue do not cover a function that
 * fails. Lambda's own do: twice more, for up to six hours where it is throttled, then this queue:
 * docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const failedEventResources = (): Resources =>
  Object.fromEntries(
    functions
      .map(({ name }) => name)
      .filter(isInvokedByEvents)
      .flatMap((name) => [
        [queueId(name), deadLetterQueue(failedEventsQueueName(name))],
        [
          `${pascal(name)}EventInvokeConfig`,
          {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: {
              FunctionName: ref(functionLogicalId(name)),
              Qualifier: '$LATEST',
              MaximumEventAgeInSeconds: 21_600,
              MaximumRetryAttempts: 2,
              DestinationConfig: { OnFailure: { Destination: arnOf(queueId(name)) } },
            },
          },
        ],
      ]),
  );
