import { alarmName } from './alarm.ts';
import { alarms } from './alarms.ts';
import { type MetricName, ofApi, ofDaypass, ofFunction, ofMachine, waitingIn } from './metric-names.ts';
import { failedEventsQueueName } from './names.ts';
import { type Resources, type Sub, sub } from './resource.ts';
import { eventFunctions, latestJudgementSec, latestRevocationSec, watchedFunctions } from './watched.ts';

/** A line of a graph: what it is called there and how its points are made. */
type Line = { metric: MetricName; label: string; stat: string; yAxis?: 'right' };

const text = (value: string | { Ref: string } | Sub): string => {
  if (typeof value === 'string') return value;
  return 'Ref' in value ? `\${${value.Ref}}` : value['Fn::Sub'];
};

/** As the documented array: namespace, name, dimensions by turns, options. */
const lineOf = ({ metric, ...shown }: Line): unknown[] => [
  metric.namespace,
  metric.name,
  ...Object.entries(metric.dimensions ?? {}).flatMap(([name, value]) => [name, text(value)]),
  shown,
];

const fiveMinutes = 300;

type Place = { x: number; y: number; width: number; height: number };

const graph = (place: Place, title: string, lines: readonly Line[], limit?: { label: string; value: number }) => ({
  type: 'metric',
  ...place,
  properties: {
    title,
    region: '${AWS::Region}',
    view: 'timeSeries',
    stacked: false,
    period: fiveMinutes,
    metrics: lines.map(lineOf),
    yAxis: { left: { min: 0 } },
    ...(limit && { annotations: { horizontal: [limit] } }),
  },
});

const count = (metric: MetricName, label: string): Line => ({ metric, label, stat: 'Sum' });

const third = (column: 0 | 1 | 2, y: number): Place => ({ x: column * 8, y, width: 8, height: 6 });

const widgets = [
  {
    type: 'text',
    x: 0,
    y: 0,
    width: 24,
    height: 2,
    properties: {
      markdown:
        '## Daypass\nAbove: who got access, and whether it ended in time. Below: whether the machinery that ends it is well. What to do about an alarm stands in docs/runbook.md.',
    },
  },
  {
    type: 'alarm',
    x: 0,
    y: 2,
    width: 24,
    height: 4,
    properties: {
      title: 'Alarms',
      sortBy: 'stateUpdatedTimestamp',
      alarms: alarms.map(
        (alarm) => `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${alarmName(alarm)}`,
      ),
    },
  },
  graph(third(0, 6), 'Requests, grants, credentials', [
    count(ofMachine('access-request', 'ExecutionsStarted'), 'asked and not refused'),
    count(ofFunction('activate-grant', 'Invocations'), 'grants'),
    count(ofFunction('mint-credentials', 'Invocations'), 'calls for credentials'),
    { metric: ofDaypass('RevocationSeconds'), label: 'revocations', stat: 'SampleCount' },
  ]),
  graph(
    third(1, 6),
    'Seconds from the end of an access to its deny',
    [
      { metric: ofDaypass('RevocationSeconds'), label: 'median', stat: 'p50' },
      { metric: ofDaypass('RevocationSeconds'), label: 'slowest', stat: 'Maximum' },
    ],
    { label: 'late', value: latestRevocationSec },
  ),
  graph(third(2, 6), 'Revocations that do not hold yet', [
    { metric: ofDaypass('RevocationsOutstanding'), label: 'outstanding', stat: 'Maximum' },
  ]),
  graph(third(0, 12), 'Alerts', [
    count(ofMachine('alert-response', 'ExecutionsStarted'), 'alerts'),
    count(ofDaypass('UnparsedEvents'), 'events that nobody could read'),
  ]),
  graph(
    third(1, 12),
    'Seconds from an event to its judgement',
    [
      { metric: ofDaypass('DetectionDelaySeconds'), label: 'median', stat: 'p50' },
      { metric: ofDaypass('DetectionDelaySeconds'), label: 'one in ten is later', stat: 'p90' },
    ],
    { label: 'behind', value: latestJudgementSec },
  ),
  graph(third(2, 12), 'HTTP API', [
    count(ofApi('Count'), 'calls'),
    count(ofApi('4xx'), '4xx'),
    count(ofApi('5xx'), '5xx'),
    { metric: ofApi('Latency'), label: 'milliseconds, one in a hundred is slower', stat: 'p99', yAxis: 'right' },
  ]),
  graph(
    { x: 0, y: 18, width: 12, height: 6 },
    'Errors of functions',
    watchedFunctions.map((name) => count(ofFunction(name, 'Errors'), name)),
  ),
  graph(
    { x: 12, y: 18, width: 12, height: 6 },
    'Events on which a function failed for good',
    // What a rule could not hand over is rarer, and stands among the alarms.
    eventFunctions.map(failedEventsQueueName).map((queue) => ({
      metric: waitingIn(queue),
      label: queue.replace(/^daypass-/, ''),
      stat: 'Maximum',
    })),
  ),
];

/** One screen. Up to 50 metrics are free: https://aws.amazon.com/cloudwatch/pricing/ */
export const dashboardResources = (): Resources => ({
  Dashboard: {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: { DashboardName: 'daypass', DashboardBody: sub(JSON.stringify({ start: '-PT12H', widgets })) },
  },
});
