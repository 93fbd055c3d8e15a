import { expect, it } from 'vitest';
import { alarms } from '#deploy/hub/alarms.ts';
import { dashboardResources } from '#deploy/hub/dashboard.ts';

type Widget = {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Readonly<Record<string, unknown>>;
};

const { DashboardName, DashboardBody } = (dashboardResources().Dashboard?.Properties ?? {}) as {
  DashboardName: string;
  DashboardBody: { 'Fn::Sub': string };
};
const body = DashboardBody['Fn::Sub'];
const { widgets, ...rest } = JSON.parse(body) as { widgets: Widget[]; start: string };
const metricWidgets = widgets.filter(({ type }) => type === 'metric');
const metricsOf = ({ properties }: Widget): unknown[][] => properties.metrics as unknown[][];

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
it('has the documented structure: at most 500 widgets of known types on a grid 24 wide', () => {
  expect(Object.keys(rest)).toEqual(['start']);
  expect(rest.start).toMatch(/^-P/);
  expect(DashboardName).toMatch(/^[\w-]{1,255}$/);
  expect(widgets.length).toBeLessThanOrEqual(500);
  expect(widgets.length).toBeGreaterThan(5);
  for (const { type, x, y, width, height } of widgets) {
    expect(['metric', 'text', 'log', 'alarm', 'explorer']).toContain(type);
    expect([x, y, width, height].every(Number.isInteger)).toBe(true);
    expect(x >= 0 && x <= 23 && y >= 0 && height >= 1 && height <= 1000).toBe(true);
    expect(width >= 1 && x + width <= 24).toBe(true);
  }
});

it('no widget lies on another', () => {
  expect(widgets.length).toBeGreaterThan(5);
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

it('each graph has a title, a region, and lines as arrays of texts that end with how they are shown', () => {
  expect(metricWidgets.length).toBeGreaterThan(5);
  for (const widget of metricWidgets) {
    expect(widget.properties).toMatchObject({ region: '${AWS::Region}', view: 'timeSeries' });
    expect(widget.properties.title).toMatch(/^[A-Z]/);
    expect(metricsOf(widget).length).toBeGreaterThan(0);
    for (const line of metricsOf(widget)) {
      const [options, ...texts] = line.toReversed();
      expect(texts.every((text) => typeof text === 'string')).toBe(true);
      // Namespace, name, and dimensions by twos.
      expect(texts.length >= 2 && texts.length % 2 === 0).toBe(true);
      expect(Object.keys(options as object)).toEqual(expect.arrayContaining(['label', 'stat']));
    }
  }
});

it('shows every alarm; one widget takes a hundred', () => {
  const shown = widgets.find(({ type }) => type === 'alarm')?.properties.alarms as string[];
  expect(shown.map((arn) => arn.split(':alarm:')[1])).toEqual(alarms.map(({ name }) => `daypass-${name}`));
  expect(shown.length).toBeLessThanOrEqual(100);
});

it('counts at most fifty metrics, which are free', () => {
  expect(metricWidgets.flatMap(metricsOf).length).toBeGreaterThan(10);
  expect(metricWidgets.flatMap(metricsOf).length).toBeLessThanOrEqual(50);
});

it('what it leaves to CloudFormation is the account, the region, the partition and the API', () => {
  const filled = new Set([...body.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name));
  expect([...filled].sort()).toEqual(['AWS::AccountId', 'AWS::Partition', 'AWS::Region', 'HttpApi']);
});

it('counts and milliseconds do not share an axis', () => {
  const api = metricWidgets.find(({ properties }) => properties.title === 'HTTP API');
  const axisOf = (label: string): string | undefined => {
    const shown = (api ? metricsOf(api) : []).map((line) => line.at(-1) as { label: string; yAxis?: string });
    const found = shown.find((each) => each.label.startsWith(label));
    return found && (found.yAxis ?? 'left');
  };
  expect(axisOf('calls')).toBe('left');
  expect(axisOf('milliseconds')).toBe('right');
});
