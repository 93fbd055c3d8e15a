/** An EventBridge rule as data: read by `serverless.ts`, the embedded stack and the tests. */
export type Rule = {
  name: string;
  /** One sentence: which events, and why they matter. */
  description: string;
  /**
   * CloudTrail's read-only management events (every AssumeRole is one) need the long one:
   * eb-service-event-cloudtrail-management.html
   */
  state: 'ENABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  /** `default`: AWS's own events, which arrive nowhere else. `daypass`: our domain events. */
  bus: 'default' | 'daypass';
  /** An event pattern, at most 2,048 characters as JSON. */
  pattern: Readonly<Record<string, unknown>>;
  /** The name of the function it invokes. */
  target: string;
  retry: { maximumEventAgeSec: number; maximumRetryAttempts: number };
  /** Events it must match, and events it must not; at least one of each. A test holds the pattern to them. */
  samples: { matches: readonly RuleEvent[]; doesNot: readonly RuleEvent[] };
};

/** An event as EventBridge hands it to a target; samples may leave out what no pattern reads. */
export type RuleEvent = Readonly<Record<string, unknown>>;

/** For events that must not be lost: EventBridge's own longest retry. After that they go to the dead-letter queue. */
export const untilDelivered: Rule['retry'] = { maximumEventAgeSec: 86_400, maximumRetryAttempts: 185 };
