import { busName, functionName, tableName } from './names.ts';
import { type Ref, ref, type Sub, sub } from './resource.ts';

/** One metric as CloudWatch names it. */
export type MetricName = {
  namespace: string;
  name: string;
  dimensions?: Readonly<Record<string, string | Ref | Sub>>;
};

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const ofFunction = (name: string, metric: string): MetricName => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { FunctionName: functionName(name) },
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
export const ofMachine = (machine: string, metric: string): MetricName => ({
  namespace: 'AWS/States',
  name: metric,
  dimensions: {
    StateMachineArn: sub(`arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:${machine}`),
  },
});

/** As `adapters/metrics.ts` writes them: without dimensions. */
export const ofDaypass = (
  metric: 'RevocationSeconds' | 'RevocationsOutstanding' | 'DetectionDelaySeconds' | 'UnparsedEvents',
): MetricName => ({ namespace: 'Daypass', name: metric });

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const waitingIn = (queueName: string): MetricName => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: queueName },
});

/**
 * A rule of the default bus is named without it:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export const ofRule = (rule: { name: string; bus: 'default' | 'daypass' }, metric: string): MetricName => ({
  namespace: 'AWS/Events',
  name: metric,
  dimensions: { ...(rule.bus === 'daypass' && { EventBusName: busName }), RuleName: rule.name },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export const ofApi = (metric: string): MetricName => ({
  namespace: 'AWS/ApiGateway',
  name: metric,
  dimensions: { ApiId: ref('HttpApi') },
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
export const ofTable = (metric: string, operation?: string): MetricName => ({
  namespace: 'AWS/DynamoDB',
  name: metric,
  dimensions: { TableName: tableName, ...(operation !== undefined && { Operation: operation }) },
});
