import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';

export type RuleFacts =
  | { exists: false }
  | {
      exists: true;
      state: string;
      /** JSON. */
      pattern: string;
      targets: readonly { arn: string; maximumRetryAttempts?: number; maximumEventAgeSec?: number }[];
    };

/** A rule as it is deployed, with its targets. */
export const ruleFacts = async (
  events: EventBridgeClient,
  rule: { name: string; bus: string },
  abortSignal: AbortSignal,
): Promise<RuleFacts> => {
  const at = { EventBusName: rule.bus };
  try {
    const [{ State = '', EventPattern = '' }, { Targets = [] }] = await Promise.all([
      events.send(new DescribeRuleCommand({ Name: rule.name, ...at }), { abortSignal }),
      events.send(new ListTargetsByRuleCommand({ Rule: rule.name, ...at }), { abortSignal }),
    ]);
    const targets = Targets.map(({ Arn = '', RetryPolicy: retry = {} }) => ({
      arn: Arn,
      ...(retry.MaximumRetryAttempts !== undefined && { maximumRetryAttempts: retry.MaximumRetryAttempts }),
      ...(retry.MaximumEventAgeInSeconds !== undefined && { maximumEventAgeSec: retry.MaximumEventAgeInSeconds }),
    }));
    return { exists: true, state: State, pattern: EventPattern, targets };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return { exists: false };
    throw error;
  }
};

/** Who else may put events on the default bus, as JSON; undefined where nobody may. */
export const defaultBusPolicy = async (
  events: EventBridgeClient,
  abortSignal: AbortSignal,
): Promise<string | undefined> =>
  (await events.send(new DescribeEventBusCommand({ Name: 'default' }), { abortSignal })).Policy;
