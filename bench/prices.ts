/** US East (N. Virginia), in US dollars. docs/cost.md says where each is from and how old that is. */
export const prices = {
  stateTransition: 0.025 / 1_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaArmGbSecond: 0.0000133334,
  dynamoDbWriteUnit: 0.625 / 1_000_000,
  dynamoDbReadUnit: 0.125 / 1_000_000,
  customEvent: 1 / 1_000_000,
  forwardedEvent: 1 / 1_000_000,
  httpApiCall: 1 / 1_000_000,
  logGb: 0.5,
  alarmMetricMonth: 0.1,
  customMetricMonth: 0.3,
  dashboardMonth: 3,
  kmsKeyMonth: 1,
  queueRequest: 0.4 / 1_000_000,
} as const;

/** What cannot be counted on a laptop. Assumed, and said so wherever a figure rests on it. */
export const assumed = {
  /** Billed time of one run, cold starts included. */
  lambdaMs: 200,
  /** START, END and REPORT, which Lambda itself writes for each run. */
  platformLogBytesPerRun: 400,
  /** One line of the access log. */
  accessLogBytesPerCall: 300,
  /** What Lambda asks of an empty queue from which it feeds a function: five long polls of 20 s at a time. */
  pollsOfAQueuePerSec: 5 / 20,
  /** One line of the embedded metric format. */
  metricLogBytes: 200,
} as const;

export const monthDays = 30;
