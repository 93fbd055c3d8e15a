import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Detection } from '#core/detection/detection.ts';
import { detections } from '#core/detection/registry.ts';
import { alarmName } from '#deploy/hub/alarm.ts';
import { alarms } from '#deploy/hub/alarms.ts';
import { functionName } from '#deploy/hub/names.ts';
import { watchedFunctions, watchedMachines, watchedQueues, watchedRules } from '#deploy/hub/watched.ts';

const root = join(import.meta.dirname, '../..');
const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');

/** How GitHub makes an anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');

type Entry = { level: number; anchor: string; text: string };
const entries: readonly Entry[] = runbook.split(/^(?=#{1,3} )/m).flatMap((part) => {
  const [, marks = '', heading = ''] = /^(#{1,3}) (.+)/.exec(part) ?? [];
  return marks === '' ? [] : [{ level: marks.length, anchor: anchorOf(heading), text: part }];
});
const anchors = entries.map(({ anchor }) => anchor);
const entry = (anchor: string): Entry => {
  const found = entries.find((each) => each.anchor === anchor);
  if (!found) throw new Error(`docs/runbook.md has no entry #${anchor}.`);
  return found;
};

/** What is said about each kind of alert, as one text. */
const said = ({ runbook: about }: Detection): string =>
  [about.means, about.urgent, ...about.check, ...about.mend, about.mendedWhen]
    .flatMap((part) => (typeof part === 'string' ? [part] : part.run))
    .join('\n');
const everything = [runbook, ...detections.map(said)].join('\n');

/** The entries that are about alarms: those before the alerts, and not the introduction. */
const aboutAlarms = entries.slice(1, anchors.indexOf('alerts')).map(({ anchor }) => anchor);

it('has an entry for each alarm, and no entry for an alarm that there is not', () => {
  expect([...new Set(alarms.map((alarm) => alarm.runbook))].sort()).toEqual([...aboutAlarms].sort());
});

it.each(aboutAlarms)(
  '%s says what it means, how urgent it is, what to check, how to mend it and how to see that',
  (anchor) => {
    const labels = [...entry(anchor).text.matchAll(/^\*\*(\w+(?: when)?)\*\*/gm)].map(([, label]) => label);
    expect(labels).toEqual(['Means', 'Urgent', 'Check', 'Mend', 'Mended when']);
    expect(entry(anchor).text).toContain('```sh\n');
  },
);

it.each(detections)(
  'the alert $id says what it means, how urgent it is, what to check, how to mend it and how to see that',
  ({ runbook: about, byHand }) => {
    for (const text of [about.means, about.urgent, about.mendedWhen]) expect(text).toMatch(/^[A-Z`*].+\.$/);
    expect(about.mend.length).toBeGreaterThan(0);
    expect(about.check.some((part) => typeof part !== 'string' && part.run.length > 0)).toBe(true);
    // It begins a sentence that goes on with a comma.
    expect(byHand).toMatch(/^[A-Z].+[^.,]$/);
  },
);

it('has no pages about alerts beside what their detections say', () => {
  expect(anchors.slice(anchors.indexOf('alerts') + 1).indexOf('by-hand')).toBe(0);
});

it('no alert sends people to an entry or an alert that there is not', () => {
  const told = detections.map(said).join('\n');
  const sentTo = [...told.matchAll(/docs\/runbook\.md#([a-z-]+)/g)].map(([, anchor]) => anchor ?? '');
  expect(sentTo.length).toBeGreaterThan(0);
  expect(sentTo.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  const kinds = [...everything.matchAll(/daypass runbook ([a-z-]+)/g)].map(([, kind]) => kind ?? '');
  expect(kinds.length).toBeGreaterThan(0);
  expect(kinds.filter((kind) => !detections.some(({ id }) => id === kind))).toEqual([]);
});

it('no link within it leads nowhere', () => {
  const links = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor ?? '');
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
});

it('says of each alarm how urgent it is, and names none that there is not', () => {
  const table = runbook.slice(runbook.indexOf('| how urgent'), runbook.indexOf('What always holds'));
  const named = [...table.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
  expect([...named].sort()).toEqual([...aboutAlarms].sort());
});

it('calls alarms, functions, queues, rules and machines as they are deployed', () => {
  const named = (pattern: RegExp): string[] => [...everything.matchAll(pattern)].map(([, name]) => name ?? '');
  const others = (names: readonly string[], deployed: readonly string[]): string[] => {
    expect(names.length).toBeGreaterThan(0);
    return names.filter((name) => !deployed.includes(name));
  };
  expect(others(named(/`(daypass-detector-[a-z-]+)`/g), alarms.map(alarmName))).toEqual([]);
  const functionNames = watchedFunctions.map(functionName);
  expect(others(named(/--function-name ([a-z-]+)/g), functionNames)).toEqual([]);
  expect(others(named(/\/aws\/lambda\/([a-z-]+)/g), functionNames)).toEqual([]);
  expect(others(named(/--queue-name ([a-z-]+)/g), watchedQueues)).toEqual([]);
  expect(
    others(
      named(/-rule --name ([a-z-]+)/g),
      watchedRules.map(({ name }) => name),
    ),
  ).toEqual([]);
  expect(others(named(/:(?:stateMachine|execution):([a-z-]+)/g), watchedMachines)).toEqual([]);
});
