import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alarms } from '#deploy/hub/alarms.ts';
import { dashboardResources } from '#deploy/hub/dashboard.ts';
import { prices } from '../../bench/prices.ts';

const text = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');

it('counts the alarms, the metrics that they watch and those of the dashboard as they are', () => {
  const metrics = alarms.reduce((sum, alarm) => sum + alarm.metrics.length, 0);
  expect(text).toContain(`${alarms.length} alarms that watch ${metrics} metrics`);
  expect(text).toContain(`$${(metrics * prices.alarmMetricMonth).toFixed(2)} |`);
  const { 'Fn::Sub': body } = (dashboardResources().Dashboard?.Properties.DashboardBody ?? {}) as { 'Fn::Sub': string };
  const { widgets } = JSON.parse(body) as { widgets: { properties: { metrics?: unknown[] } }[] };
  const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []).length;
  expect(text).toContain(`1, with ${shown} metrics`);
});

it('gives every price that the bench reckons with', () => {
  const given = text.slice(text.indexOf('## Prices'));
  for (const price of [
    `$${prices.stateTransition * 1_000} per 1,000 state transitions`,
    `$${(prices.lambdaRequest * 1_000_000).toFixed(2)} per million runs`,
    `$${prices.lambdaArmGbSecond} per GB-second`,
    `$${prices.dynamoDbWriteUnit * 1_000_000} per million write units`,
    `$${prices.dynamoDbReadUnit * 1_000_000} per million read units`,
    `$${(prices.customEvent * 1_000_000).toFixed(2)} per million custom events`,
    `$${(prices.forwardedEvent * 1_000_000).toFixed(2)} per million delivered to another account`,
    `$${(prices.httpApiCall * 1_000_000).toFixed(2)} per million calls`,
    `$${prices.alarmMetricMonth.toFixed(2)} per alarm metric`,
    `$${prices.customMetricMonth.toFixed(2)} per custom metric`,
    `$${prices.logGb.toFixed(2)} per GB of logs`,
    `$${prices.dashboardMonth.toFixed(2)} per dashboard`,
    `$${prices.kmsKeyMonth.toFixed(2)} per key`,
    `$${(prices.queueRequest * 1_000_000).toFixed(2)} per million requests to queues`,
  ]) {
    expect(given).toContain(price);
  }
});

it('what it adds up is the sum of its lines', () => {
  const section = (heading: string): string => text.slice(text.indexOf(heading)).split('\n## ')[0] ?? '';
  const dollarsOf = (line: string): number => Number(/\$([\d.]+)\D*\|\s*$/.exec(line)?.[1] ?? Number.NaN);
  for (const [heading, digits] of [
    ['## One request', 2],
    ['## A month without requests', 2],
    ['## The detector’s traffic', 2],
  ] as const) {
    const lines = section(heading.replace('’', "'"))
      .split('\n')
      .filter((line) => /^\|.*\$[\d.]+/.test(line));
    const total = lines.find((line) => line.includes('**together**')) ?? '';
    const parts = lines.filter((line) => line !== total).map(dollarsOf);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(dollarsOf(total.replaceAll('*', '')), digits);
  }
});
