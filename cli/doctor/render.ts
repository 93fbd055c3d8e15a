import { plain } from '../context.ts';
import { type Area, areas, type Line, type Summary, type Verdict } from './report.ts';

const headings: Readonly<Record<Area, string>> = {
  configuration: 'Configuration',
  slack: 'Slack',
  api: 'API',
  rules: 'Rules',
  trail: 'Trail',
  accounts: 'Accounts',
  clock: 'Clock',
};

const words = { ok: 'ok', warning: 'warning', failure: 'FAILURE' } as const satisfies Record<Verdict['status'], string>;
const colours = { ok: 32, warning: 33, failure: 31 } as const satisfies Record<Verdict['status'], number>;

/** As wide as the longest of the words. */
const wordWidth = 7;

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const summaryLine = ({ ok, warning, failure }: Summary): string =>
  `${ok} ok, ${many(warning, 'warning')}, ${many(failure, 'failure')}`;

type Shown = Verdict & { title: string };

const named = ({ title, aspect }: Line): string => (aspect === undefined ? title : `${title} ${aspect}`);

/** What is in order about one thing needs one line; whatever is not gets its own. */
const folded = (lines: readonly Line[]): Shown[] =>
  [...Map.groupBy(lines, ({ title }) => title)].flatMap(([title, about]) => {
    const good = about.filter(({ status }) => status === 'ok');
    const bad = about.filter(({ status }) => status !== 'ok').map((line) => ({ ...line, title: named(line) }));
    if (good.length < 2) return [...bad, ...good.map((line) => ({ ...line, title: named(line) }))];
    return [...bad, { status: 'ok', title, found: good.map(({ aspect = '' }) => aspect).join(', ') }];
  });

/** The report for a person, group by group: what was found, and under what is not in order what to do about it. */
export const render = (lines: readonly Line[], summary: Summary, colour: boolean): string[] => {
  const shown = areas.map((area) => ({ area, own: folded(lines.filter((line) => line.area === area)) }));
  const titleWidth = Math.max(0, ...shown.flatMap(({ own }) => own.map(({ title }) => [...title].length)));
  const indent = ' '.repeat(2 + wordWidth + 2);
  const word = (status: Verdict['status']): string => {
    const padded = words[status].padEnd(wordWidth);
    return colour ? `\u001b[${colours[status]}m${padded}\u001b[0m` : padded;
  };
  const linesOf = (line: Shown): string[] => [
    `  ${word(line.status)}  ${plain(line.title).padEnd(titleWidth)}  ${plain(line.found)}`,
    ...(line.status === 'ok' ? [] : [`${indent}→ ${plain(line.todo)}`]),
  ];
  const groups = shown.flatMap(({ area, own }) =>
    own.length === 0 ? [] : [headings[area], ...own.flatMap(linesOf), ''],
  );
  return [...groups, summaryLine(summary)];
};
