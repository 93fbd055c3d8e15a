import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { routing } from '../../../scripts/mutate/routing.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const files = ['core', 'events', 'functions', 'slack', 'usecases'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);
const mutants = routing.mutants(files, read);
const made = mutants.map(({ file, what }) => `${file}: ${what}`);

it.each([
  "events/events.ts: 'request.refused' → 'request.refusd'",
  "events/routing.ts: 'request.refused' → 'request.refusd'",
  "events/routing.ts: 'request.refused': 'AwaitApproval', → nothing",
  "events/routing.ts: 'request.submitted': 'access-request', → nothing",
  "events/routing.ts: 'session.chained': 'follow', → nothing",
  "events/routing.ts: 'AwaitApproval' → 'AwaitEnd'",
  "events/routing.ts: 'interrupted' → nothing",
  "events/rules/gate-due.ts: 'request.refused' → 'request.refusd'",
  "events/rules/workflow-due.ts: 'alert.raised' → 'alert.raisd'",
  "events/rules/chain-due.ts: 'session.chained' → 'session.chaind'",
  "events/rules/notice-due.ts: 'lockdown.begun' → 'lockdown.begn'",
])('the mistake %s is among those that are tried', (mistake) => {
  expect(made).toContain(mistake);
});

it('every event is misspelt where it is defined, where its notices are and where it is told', () => {
  const namesIn = (path: string) =>
    [...new Set(made.flatMap((text) => text.match(`^${path}: ('[a-z]+\\.[a-z-]+') → '`)?.[1] ?? []))].sort();
  const defined = namesIn('events/events\\.ts');
  expect(defined).toHaveLength(28);
  expect(namesIn('events/routing\\.ts')).toEqual(defined);
  expect(namesIn('(?:core|usecases|slack/listeners)/.*')).toEqual(defined);
});

it('each differs from the file in one line, the one that it names', () => {
  for (const { file, line, text } of mutants) {
    const before = read(file).split('\n');
    const after = text.split('\n');
    expect(after.slice(0, line - 1)).toEqual(before.slice(0, line - 1));
    const left = before.length - line;
    expect(after.slice(after.length - left)).toEqual(before.slice(before.length - left));
    expect(text).not.toBe(read(file));
  }
});
