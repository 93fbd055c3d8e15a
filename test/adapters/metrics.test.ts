import { expect, test } from 'vitest';
import { embeddedMetrics, noMetrics } from '#adapters/metrics.ts';
import { turnableClock } from '#local/clock.ts';

const written = (...figures: Parameters<ReturnType<typeof embeddedMetrics>['record']>[]): string => {
  let text = '';
  const metrics = embeddedMetrics(
    (line) => {
      text += line;
    },
    turnableClock(Date.parse('2026-11-22T10:00:00.000Z')),
  );
  for (const figure of figures) metrics.record(...figure);
  return text;
};

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
test('a figure is one line of the embedded metric format: what CloudWatch needs and nothing else', () => {
  const text = written(['RevocationSeconds', 1.25]);
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.trimEnd()).not.toContain('\n');
  expect(JSON.parse(text)).toEqual({
    _aws: {
      Timestamp: 1795341600000,
      CloudWatchMetrics: [
        { Namespace: 'Daypass', Dimensions: [[]], Metrics: [{ Name: 'RevocationSeconds', Unit: 'Seconds' }] },
      ],
    },
    RevocationSeconds: 1.25,
  });
});

test('the unit follows the name', () => {
  const unitOf = (text: string): unknown => /"Unit":"(\w+)"/.exec(text)?.[1];
  expect(unitOf(written(['DetectionDelaySeconds', 3]))).toBe('Seconds');
  expect(unitOf(written(['RevocationsOutstanding', 0]))).toBe('Count');
  expect(unitOf(written(['UnparsedEvents', 1]))).toBe('Count');
});

test('each figure is a line of its own, so that none waits for another and none is lost with a process', () => {
  const lines = written(['UnparsedEvents', 1], ['UnparsedEvents', 1]).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines.every((line) => (JSON.parse(line) as { UnparsedEvents: number }).UnparsedEvents === 1)).toBe(true);
});

test('where nobody collects figures nothing is written', () => {
  expect(noMetrics.record('UnparsedEvents', 1)).toBeUndefined();
});
