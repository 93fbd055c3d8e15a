import { describe, expect, it } from 'vitest';
import { embeddedMetrics } from '#adapters/metrics.ts';
import { type Alarm, alarmResource } from '#deploy/hub/alarm.ts';
import { alarmResources, alarms } from '#deploy/hub/alarms.ts';
import { failedEventResources } from '#deploy/hub/failed-events.ts';
import { ofDaypass } from '#deploy/hub/metric-names.ts';
import { ruleResources, scheduleResources } from '#deploy/hub/rules.ts';
import { functions } from '#functions/registry.ts';
import type { Metric } from '#ports/metrics.ts';

const resources = alarmResources();
const propertiesOf = (logicalId: string): Readonly<Record<string, unknown>> => {
  const resource = resources[logicalId];
  if (!resource) throw new Error(`There is no ${logicalId}.`);
  return resource.Properties;
};
const alarm = (name: string): Alarm => {
  const found = alarms.find((each) => each.name === name);
  if (!found) throw new Error(`There is no alarm ${name}.`);
  return found;
};
const watches = (namespace: string, dimension: string): string[] =>
  alarms.flatMap(({ metrics }) =>
    metrics
      .filter((metric) => metric.namespace === namespace)
      .flatMap(({ dimensions = {} }) => JSON.stringify(dimensions[dimension] ?? '').match(/[\w-]+(?="\}?$)/) ?? []),
  );
const deployedNames = (all: Readonly<Record<string, { Type: string; Properties: object }>>, type: string): string[] =>
  Object.values(all)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) =>
      String(
        (Properties as { Name?: string; QueueName?: string }).Name ?? (Properties as { QueueName?: string }).QueueName,
      ),
    );

describe('each alarm', () => {
  const deployed = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');

  it('has a name of its own, which begins with daypass-', () => {
    const names = alarms.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(deployed.length).toBe(alarms.length);
    for (const { Properties } of deployed) expect(Properties.AlarmName).toMatch(/^daypass-[a-z0-9-]+$/);
  });

  it('says in one sentence what it means, and where the runbook goes on', () => {
    expect(deployed.length).toBe(alarms.length);
    for (const { Properties } of deployed) {
      expect(Properties.AlarmDescription).toMatch(/^[A-Z][^.]{20,160}\. docs\/runbook\.md#[a-z-]+$/);
    }
  });

  it('tells the topic when it rings and when that is over', () => {
    expect(propertiesOf('RevocationFailedAlarm')).toMatchObject({
      AlarmActions: [{ Ref: 'AlarmTopic' }],
      OKActions: [{ Ref: 'AlarmTopic' }],
    });
  });

  it('adds up ten metrics at most, as CloudWatch does, and never none', () => {
    const [metric] = alarm('throttles').metrics;
    const adding = (count: number) => () =>
      alarmResource({
        ...alarm('throttles'),
        metrics: Array.from({ length: count }, () => metric ?? ofDaypass('UnparsedEvents')),
      });
    expect(adding(10)).not.toThrow();
    expect(adding(11)).toThrow(RangeError);
    expect(adding(0)).toThrow(RangeError);
  });
});

describe('nothing is left out:', () => {
  it('every function’s errors', () => {
    for (const { name } of functions) {
      expect(alarm(`errors-${name}`)).toMatchObject({
        metrics: [{ name: 'Errors', dimensions: { FunctionName: `daypass-${name}` } }],
      });
    }
  });

  it('every queue that is deployed in which something ends', () => {
    const deployed = deployedNames(
      { ...ruleResources(), ...scheduleResources(), ...failedEventResources() },
      'AWS::SQS::Queue',
    );
    // What lies in the others comes to its function again.
    const last = deployed.filter((name) => !name.endsWith('-retries'));
    expect(last.length).toBe(deployed.length - 7);
    expect(watches('AWS/SQS', 'QueueName').sort()).toEqual(last.sort());
  });

  it('every rule that is deployed, on its own bus', () => {
    const deployed = deployedNames({ ...ruleResources(), ...scheduleResources() }, 'AWS::Events::Rule');
    expect(watches('AWS/Events', 'RuleName').sort()).toEqual(deployed.sort());
    const dimensionsOf = (rule: string) =>
      (['daypass', 'default'] as const)
        .flatMap((bus) => alarm(`events-lost-on-${bus}-bus`).metrics)
        .find(({ dimensions }) => dimensions?.RuleName === rule)?.dimensions;
    expect(dimensionsOf('daypass-gate-due')).toEqual({ EventBusName: 'daypass', RuleName: 'daypass-gate-due' });
    // A metric of the default bus has one dimension: eb-monitoring.html.
    expect(dimensionsOf('daypass-role-assumed')).toEqual({ RuleName: 'daypass-role-assumed' });
    expect(dimensionsOf('daypass-schedule-sweep')).toEqual({ RuleName: 'daypass-schedule-sweep' });
  });

  it('every state machine, however it fails', () => {
    for (const machine of ['access-request', 'alert-response', 'lockdown']) {
      const { metrics } = alarm(`executions-failed-${machine}`);
      expect(metrics.map(({ name }) => name)).toEqual(['ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut']);
      expect(JSON.stringify(metrics)).toContain(`:stateMachine:${machine}"`);
    }
  });
});

describe('our own figures', () => {
  const written = (metric: Metric): string => {
    let line = '';
    embeddedMetrics(
      (text) => {
        line += text;
      },
      { nowMs: () => 0 },
    ).record(metric, 1);
    return line;
  };

  it('are watched as they are written: same namespace, same name, no dimensions', () => {
    const own = alarms.flatMap(({ metrics }) => metrics.filter(({ namespace }) => namespace === 'Daypass'));
    expect(own.map(({ name }) => name).sort()).toEqual([
      'DetectionDelaySeconds',
      'RevocationSeconds',
      'RevocationsOutstanding',
      'RevocationsOutstanding',
    ]);
    for (const { namespace, name, dimensions } of own) {
      expect(dimensions).toBeUndefined();
      expect(JSON.parse(written(name as Metric))).toMatchObject({
        _aws: { CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: [{ Name: name }] }] },
      });
    }
  });

  it('ring when a revocation does not hold, and a silent sweeper does not end that', () => {
    expect(propertiesOf('RevocationFailedAlarm')).toMatchObject({
      MetricName: 'RevocationsOutstanding',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'ignore',
    });
  });

  it('ring when a revocation took longer than a minute', () => {
    expect(propertiesOf('RevocationLateAlarm')).toMatchObject({
      MetricName: 'RevocationSeconds',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 60,
      TreatMissingData: 'notBreaching',
    });
  });

  it('ring when the sweeper, which runs every five minutes, said nothing for fifteen', () => {
    expect(propertiesOf('SweeperSilentAlarm')).toMatchObject({
      MetricName: 'RevocationsOutstanding',
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 900,
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    });
  });

  it('ring when one event in ten is judged later than a quarter of an hour, twice in three', () => {
    expect(propertiesOf('DetectorBehindAlarm')).toMatchObject({
      MetricName: 'DetectionDelaySeconds',
      ExtendedStatistic: 'p90',
      Threshold: 900,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
    expect(propertiesOf('DetectorBehindAlarm')).not.toHaveProperty('Statistic');
  });

  it('only the sweeper’s silence is an alarm; elsewhere no data is good news', () => {
    const breaching = alarms.filter(({ missing }) => missing === 'breaching').map(({ name }) => name);
    expect(breaching).toEqual(['sweeper-silent']);
    const ignoring = alarms.filter(({ missing }) => missing === 'ignore').map(({ name }) => name);
    expect(ignoring).toEqual(['revocation-failed']);
  });
});
