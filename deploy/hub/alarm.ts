import type { MetricName } from './metric-names.ts';
import { pascal } from './names.ts';
import { type Resource, ref } from './resource.ts';

/** One alarm, as data. What to do about it stands in the runbook. */
export type Alarm = {
  /** After `daypass-`. */
  name: string;
  /** What it means when it rings: one sentence for whoever is woken by it. */
  meaning: string;
  /** A heading of docs/runbook.md, as its anchor. */
  runbook: string;
  /** Several are added up. */
  metrics: readonly MetricName[];
  /** `Sum`, `Maximum`, `SampleCount`, `p90`… */
  statistic: string;
  comparison: 'at-least' | 'more-than' | 'less-than';
  threshold: number;
  periodSec: number;
  /** So many of the last so many periods; one of one where it is absent. */
  periods?: { bad: number; of: number };
  /** What a period without a data point means. */
  missing: 'notBreaching' | 'breaching' | 'ignore';
};

const operators = {
  'at-least': 'GreaterThanOrEqualToThreshold',
  'more-than': 'GreaterThanThreshold',
  'less-than': 'LessThanThreshold',
} as const;

/**
 * One alarm adds up no more:
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
 */
const mostMetrics = 10;

export const alarmName = (alarm: Pick<Alarm, 'name'>): string => `daypass-${alarm.name}`;
export const alarmLogicalId = (alarm: Pick<Alarm, 'name'>): string => `${pascal(alarm.name)}Alarm`;

const metricOf = ({ namespace, name, dimensions }: MetricName) => ({
  Namespace: namespace,
  MetricName: name,
  ...(dimensions && { Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) }),
});

const oneMetric = (metric: MetricName, { statistic, periodSec }: Alarm) => ({
  ...metricOf(metric),
  ...(/^p\d/.test(statistic) ? { ExtendedStatistic: statistic } : { Statistic: statistic }),
  Period: periodSec,
});

/** A metric that has nothing to say in a period counts as 0: without that, the whole sum would be missing. */
const sumOf = ({ metrics, statistic, periodSec }: Alarm) => ({
  Metrics: [
    { Id: 'total', Expression: 'SUM(FILL(METRICS(), 0))', Label: 'total', ReturnData: true },
    ...metrics.map((metric, index) => ({
      Id: `m${index + 1}`,
      MetricStat: { Metric: metricOf(metric), Period: periodSec, Stat: statistic },
      ReturnData: false,
    })),
  ],
});

/** The alarm as CloudFormation takes it. It tells the topic when it rings and when that is over. */
export const alarmResource = (alarm: Alarm): Resource => {
  const [first, ...others] = alarm.metrics;
  if (!first || others.length >= mostMetrics) {
    throw new RangeError(
      `The alarm ${alarm.name} adds up ${alarm.metrics.length} metrics; CloudWatch takes 1 to ${mostMetrics}.`,
    );
  }
  const { bad, of } = alarm.periods ?? { bad: 1, of: 1 };
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: alarmName(alarm),
      AlarmDescription: `${alarm.meaning} docs/runbook.md#${alarm.runbook}`,
      ...(others.length === 0 ? oneMetric(first, alarm) : sumOf(alarm)),
      ComparisonOperator: operators[alarm.comparison],
      Threshold: alarm.threshold,
      EvaluationPeriods: of,
      DatapointsToAlarm: bad,
      TreatMissingData: alarm.missing,
      AlarmActions: [ref('AlarmTopic')],
      OKActions: [ref('AlarmTopic')],
    },
  };
};
