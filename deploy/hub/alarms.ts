import { config as sweep } from '#functions/sweep/config.ts';
import { type Alarm, alarmLogicalId, alarmResource } from './alarm.ts';
import { alarmTopicResources } from './alarm-topic.ts';
import { ofApi, ofDaypass, ofFunction, ofMachine, ofRule, ofTable, waitingIn } from './metric-names.ts';
import type { Resources } from './resource.ts';
import {
  eventFunctions,
  latestJudgementSec,
  latestRevocationSec,
  watchedFunctions,
  watchedMachines,
  watchedQueues,
  watchedRules,
} from './watched.ts';

const fiveMinutes = 300;

/** Unusual in themselves, so one is enough. */
const any = { statistic: 'Sum', comparison: 'at-least', threshold: 1, periodSec: 60, missing: 'notBreaching' } as const;

/** What ends somebody's access, or should have. */
const revocationAlarms: readonly Alarm[] = [
  {
    ...any,
    name: 'revocation-failed',
    meaning: 'Access should have ended and the deny is not in force; the sweeper tries again every five minutes.',
    runbook: 'revocation-failed',
    metrics: [ofDaypass('RevocationsOutstanding')],
    statistic: 'Maximum',
    periodSec: fiveMinutes,
    // A sweeper that has fallen silent has mended nothing.
    missing: 'ignore',
  },
  {
    name: 'revocation-late',
    meaning: 'A revocation took longer than a minute from the end of the access to the deny that was read back.',
    runbook: 'revocation-late',
    metrics: [ofDaypass('RevocationSeconds')],
    statistic: 'Maximum',
    comparison: 'more-than',
    // A few seconds are usual, cold starts included.
    threshold: latestRevocationSec,
    periodSec: fiveMinutes,
    missing: 'notBreaching',
  },
  {
    name: 'sweeper-silent',
    meaning:
      'The sweeper has not finished a run for three times its interval: nothing puts right what was left behind.',
    runbook: 'sweeper-silent',
    metrics: [ofDaypass('RevocationsOutstanding')],
    statistic: 'SampleCount',
    comparison: 'less-than',
    threshold: 1,
    periodSec: 3 * (sweep.trigger.kind === 'schedule' ? sweep.trigger.everySec : fiveMinutes),
    missing: 'breaching',
  },
];

const detectorAlarms: readonly Alarm[] = [
  {
    name: 'detector-behind',
    meaning: 'CloudTrail events are judged more than a quarter of an hour after they happened.',
    runbook: 'detector-behind',
    metrics: [ofDaypass('DetectionDelaySeconds')],
    // Single events come late, and AWS promises nothing: it takes one in ten, twice in a quarter of an hour.
    statistic: 'p90',
    comparison: 'more-than',
    threshold: latestJudgementSec,
    periodSec: fiveMinutes,
    periods: { bad: 2, of: 3 },
    missing: 'notBreaching',
  },
  {
    name: 'detector-queue',
    meaning: 'Events wait for more than five minutes before Lambda runs the detector.',
    runbook: 'detector-behind',
    // Milliseconds. One failed try alone puts the next off by a minute, the one after by two.
    metrics: [ofFunction('detect', 'AsyncEventAge')],
    statistic: 'p90',
    comparison: 'more-than',
    threshold: 300_000,
    periodSec: fiveMinutes,
    periods: { bad: 2, of: 3 },
    missing: 'notBreaching',
  },
];

const executionsFailed = (machine: string): Alarm => ({
  ...any,
  name: `executions-failed-${machine}`,
  meaning: `An execution of ${machine} failed, was stopped or timed out.`,
  runbook: 'executions-failed',
  metrics: ['ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut'].map((metric) => ofMachine(machine, metric)),
});

/** One error is retried and forgotten. Three in five minutes are one event that failed all its tries, or a trend. */
const errorsOf = (name: string): Alarm => ({
  ...any,
  name: `errors-${name}`,
  meaning: `The function daypass-${name} failed or ran out of time at least three times in five minutes.`,
  runbook: 'function-errors',
  metrics: [ofFunction(name, 'Errors')],
  threshold: 3,
  periodSec: fiveMinutes,
});

/** It stays until somebody empties the queue. */
const lettersIn = (queue: string): Alarm => ({
  ...any,
  name: `dead-letters-${queue.replace(/^daypass-/, '')}`,
  meaning: `The queue ${queue} holds events that were given up.`,
  runbook: 'dead-letters',
  metrics: [waitingIn(queue)],
  statistic: 'Maximum',
  periodSec: fiveMinutes,
});

const platformAlarms: readonly Alarm[] = [
  {
    ...any,
    name: 'throttles',
    meaning: 'Lambda refused to run functions of this account and region because too many run already.',
    runbook: 'throttles',
    // Of the whole account: unless the deployment sets some aside they all stand in the one queue.
    metrics: [{ namespace: 'AWS/Lambda', name: 'Throttles' }],
    threshold: 5,
    periodSec: fiveMinutes,
  },
  ...(['daypass', 'default'] as const).map(
    (bus): Alarm => ({
      ...any,
      name: `events-lost-on-${bus}-bus`,
      meaning: `EventBridge could neither hand over an event of the bus ${bus} nor put it into the dead-letter queue: it is lost.`,
      runbook: 'events-lost',
      metrics: watchedRules
        .filter((rule) => rule.bus === bus)
        .map((rule) => ofRule(rule, 'InvocationsFailedToBeSentToDlq')),
    }),
  ),
  {
    ...any,
    name: 'events-lost-by-functions',
    meaning: 'Lambda could not put an event that had failed for good into its queue: it is lost.',
    runbook: 'events-lost',
    metrics: eventFunctions.map((name) => ofFunction(name, 'DestinationDeliveryFailures')),
  },
  {
    ...any,
    name: 'api-errors',
    meaning: 'The HTTP API answered with 5xx at least three times in five minutes; Slack and the command line use it.',
    runbook: 'api-errors',
    metrics: [ofApi('5xx')],
    threshold: 3,
    periodSec: fiveMinutes,
  },
  {
    ...any,
    name: 'table-throttled',
    meaning: 'DynamoDB refused reads or writes of the table daypass because there were too many.',
    runbook: 'table-trouble',
    metrics: [ofTable('ReadThrottleEvents'), ofTable('WriteThrottleEvents')],
    // The SDK tries three times, and a new on-demand table may refuse a few in its first burst.
    threshold: 10,
    periodSec: fiveMinutes,
  },
  {
    ...any,
    name: 'table-errors',
    meaning: 'DynamoDB failed at least ten times in five minutes by its own fault.',
    runbook: 'table-trouble',
    metrics: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'].map((operation) =>
      ofTable('SystemErrors', operation),
    ),
    threshold: 10,
    periodSec: fiveMinutes,
  },
];

/** Every alarm there is. */
export const alarms: readonly Alarm[] = [
  ...revocationAlarms,
  ...detectorAlarms,
  ...watchedMachines.map(executionsFailed),
  ...watchedFunctions.map(errorsOf),
  ...watchedQueues.map(lettersIn),
  ...platformAlarms,
];

/** The alarms and the topic that they tell. */
export const alarmResources = (): Resources => ({
  ...alarmTopicResources(),
  ...Object.fromEntries(alarms.map((alarm) => [alarmLogicalId(alarm), alarmResource(alarm)])),
});
