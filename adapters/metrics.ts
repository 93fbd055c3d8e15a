import type { Clock } from '#ports/clock.ts';
import type { Metric, Metrics } from '#ports/metrics.ts';

export const metricsNamespace = 'Daypass';

const unitOf = (metric: Metric): 'Seconds' | 'Count' => (metric.endsWith('Seconds') ? 'Seconds' : 'Count');

/**
 * One line of CloudWatch's embedded metric format for each figure, which CloudWatch Logs turns into a metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * There are no dimensions: each would be a metric of its own on the bill, and could name a person. `write` has to reach
 * the log as it is. On Lambda `console` puts a time and an id before the line, which is then no JSON.
 */
export const embeddedMetrics = (write: (line: string) => unknown, clock: Clock): Metrics => ({
  record: (metric, value) => {
    const directive = {
      Namespace: metricsNamespace,
      Dimensions: [[]],
      Metrics: [{ Name: metric, Unit: unitOf(metric) }],
    };
    write(
      `${JSON.stringify({ _aws: { Timestamp: clock.nowMs(), CloudWatchMetrics: [directive] }, [metric]: value })}\n`,
    );
  },
});

/** For where nobody collects figures. */
export const noMetrics: Metrics = { record: () => undefined };
