import { events } from '#events/events.ts';
import { gateOf, noticesOf } from '#events/routing.ts';
import { type Mutant, replaced, type Subject } from './mutant.ts';

/** The folders in which an event's name stands for the event. */
const folders = /^(core|events|functions|usecases|slack|adapters)\//;
const table = 'events/routing.ts';

const names: readonly string[] = Object.keys(events);

/** `request.refused` → `request.refusd`: the letter before the last is left out. */
const misspelt = (name: string): string => name.slice(0, -2) + name.slice(-1);

const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => ({
    match,
    at: { from: match.index, to: match.index + match[0].length },
  }));

/** Each event's name, wherever it is written, misspelt. */
const misspellings = (file: string, text: string): Mutant[] =>
  found(text, /'([a-z]+\.[a-z-]+)'/g).flatMap(({ match: [, name = ''], at }) =>
    names.includes(name) ? [replaced(file, text, at, `'${misspelt(name)}'`)] : [],
  );

/** Each row of each table left out. */
const missingRows = (text: string): Mutant[] =>
  found(text, /^ *'[a-z]+\.[a-z-]+': .+,\n/gm).map(({ at }) => replaced(table, text, at, ''));

/** Each gate taken for each other one. */
const wrongGates = (text: string): Mutant[] => {
  const gates = [...new Set(Object.values(gateOf))];
  return found(text, /(?<=': )'(Await\w+)'(?=,\n)/g).flatMap(({ match: [, gate], at }) =>
    gates.filter((other) => other !== gate).map((other) => replaced(table, text, at, `'${other}'`)),
  );
};

/** Each notice of each event left out. */
const missingNotices = (text: string): Mutant[] => {
  const notices = new Set<string>(Object.values(noticesOf).flat());
  return found(text, /(?<=': \[.*)'(\w+)'(?:, )?(?=.*\],\n)/g).flatMap(({ match: [, notice = ''], at }) =>
    notices.has(notice) ? [replaced(table, text, at, '')] : [],
  );
};

export const routing: Subject = {
  about: 'which event opens which gate, starts which workflow and shows what: events, tables, rules, samples, writers',
  mutants: (files, read) => [
    ...files.filter((file) => folders.test(file)).flatMap((file) => misspellings(file, read(file))),
    ...[missingRows, wrongGates, missingNotices].flatMap((mistakes) => mistakes(read(table))),
  ],
  tests: ['test/events/routing.test.ts'],
};
