import { globSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandFileName, commandName } from '#core/command-name.ts';
import { detections } from '#core/detection/registry.ts';
import { cliPage } from '#functions/api/cli.ts';
import { devicePage } from '#functions/api/device-page.ts';
import { inCalls } from '#functions/http/next-step.ts';
import { helpAnswer } from '#slack/render/answers.ts';
import { extensionAnswer, extensionNote } from '#slack/render/extension-notes.ts';
import { listAnswer } from '#slack/render/list-answer.ts';
import { inSlack } from '#slack/render/next-step.ts';
import { askedNote, closedNote, interruptedNote, liveNote } from '#slack/render/requester-note.ts';
import { everyStep } from '#test/core/next-steps.ts';
import { anyRequest } from '#test/slack/render/states.ts';
import { policy } from '#test/slack/world.ts';
import { inCommands } from '../../cli/next-step.ts';
import { addOperatorCommands } from '../../cli/operator-commands.ts';
import { operatorVerbs, sayWhereOperatorCommandsAre } from '../../cli/operator-verbs.ts';
import { type AddOperatorCommands, buildProgram } from '../../cli/program.ts';

const programOf = (add: AddOperatorCommands): Command =>
  buildProgram(
    () => {
      throw new Error('not run');
    },
    () => undefined,
    add,
  );
const clone = programOf(addOperatorCommands);
const served = programOf(sayWhereOperatorCommandsAre);
const verbs = clone.commands.map((command) => command.name());

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];
/** All that `--help` prints, of a command and what is under it. */
const helpOf = (program: Command): string => {
  let text = '';
  for (const command of withSubcommands(program)) {
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
  }
  return text;
};

/** `daypass exec`, wherever somebody is told to type it; not `cd daypass` or `/daypass`. */
const verbsIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(`(?<![\\w/.@#:-])${commandName} +(?:--json +)?([a-z][a-z-]*)`, 'g'))].map(
    ([, verb = '']) => verb,
  );

/** What fetches a program by its name from a registry, or would take one from whatever folder somebody is in. */
const fetches = /\b(?:npx|bunx|pnpx|npm (?:exec|x|install -g|i -g)|(?:pnpm|yarn) dlx|bun x)(?= +[\w@-])(?! --no )/g;

const fetchesIn = (text: string): string[] =>
  (text.match(fetches) ?? []).map((found) => `${found} may run a program of a stranger`);

const faultsOf = (text: string): string[] => [
  ...verbsIn(text).flatMap((verb) => (verbs.includes(verb) ? [] : [`${commandName} ${verb} is no command`])),
  ...fetchesIn(text),
];

/** Every text of the repository that somebody reads or runs: docs, examples, sources with their comments. */
const files = globSync('**/*.{md,ts,tsx,js,cjs,json,yaml,yml,sh,html}', {
  exclude: (path) => /(^|\/)(node_modules|\.git|dist|\.serverless|\.daypass)(\/|$)/.test(path),
})
  .filter((path) => statSync(path).isFile())
  .filter(
    (path) =>
      !/^(?:package-lock\.json|test\/fixtures\/recorded-data\/.*|test\/docs\/command-name\.test\.ts)$/.test(path),
  );

describe('the command’s name', () => {
  it('is what the command is installed as, and what its file is called after', () => {
    const { bin } = JSON.parse(readFileSync('cli/bin/package.json', 'utf8')) as { bin: object };
    expect(Object.keys(bin)).toEqual([commandName]);
    expect([clone.name(), served.name()]).toEqual([commandName, commandName]);
    expect([commandName, commandFileName]).toEqual(['daypass', 'daypass.mjs']);
  });

  it('stands in no text of the product but by its constant', () => {
    const spelt = new RegExp(`(?<![\\w/.@#:-])${commandName} +(?:${verbs.join('|')})\\b`);
    const isComment = (line: string): boolean => /^\s*(?:\/\/|\/?\*)/.test(line);
    const product = files.filter((path) =>
      /^(?:core|usecases|adapters|functions|slack|deploy|local|cli)\/.*\.ts$/.test(path),
    );
    expect(product.length).toBeGreaterThan(500);
    const found = product.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => spelt.test(line) && !isComment(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });
});

describe('every text that says what to type', () => {
  it('names commands that there are, and nothing that a registry could answer for: docs, examples, sources', () => {
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/deploy.md', 'docs/single-node.md']),
    );
    const faults = files.flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      // A source has other things to say after the word; what it has people type is rendered, below.
      return (/\.tsx?$/.test(path) ? fetchesIn(text) : faultsOf(text)).map((fault) => `${path}: ${fault}`);
    });
    expect(faults).toEqual([]);
    const named = files.flatMap((path) => (path.endsWith('.md') ? verbsIn(readFileSync(path, 'utf8')) : []));
    expect(named.length).toBeGreaterThan(40);
  });

  const requests = fc.sample(anyRequest, { numRuns: 200, seed: 7 });
  const messages = [
    helpAnswer(),
    ...requests.flatMap((request) => [
      askedNote(policy, request),
      liveNote(policy, request, 'https://daypass.example.com'),
      closedNote(policy, request),
      interruptedNote(policy, request),
      ...(request.extensions ?? []).flatMap((extension) => [
        extensionNote(policy, request, extension),
        ...(request.status === 'active' ? [extensionAnswer(policy, request, extension)] : []),
      ]),
    ]),
    listAnswer(policy, { mine: requests, waitingForMe: [], extensionsForMe: [], next: {} }, 0),
  ];
  const rendered: Record<string, string> = {
    'the messages in Slack': JSON.stringify(messages),
    'the answers of the API': Object.values(everyStep).map(inCalls).join('\n'),
    'the next steps in Slack': Object.values(everyStep).map(inSlack).join('\n'),
    'the next steps on the command line': Object.values(everyStep).map(inCommands).join('\n'),
    'the help of a clone': helpOf(clone),
    'the help of what the hub serves': helpOf(served),
    'the page of a login': devicePage('https://daypass.example.com'),
    'the page of the command': cliPage('https://daypass.example.com', ''),
    'the runbook of alerts': JSON.stringify(detections.map(({ runbook }) => runbook)),
  };

  it.each(Object.entries(rendered))('as it is rendered: %s', (_, text) => {
    expect(text.length).toBeGreaterThan(100);
    expect(faultsOf(text)).toEqual([]);
  });

  it('is told from one that is wrong', () => {
    expect(faultsOf('`npx daypass login`')).toEqual(['npx may run a program of a stranger']);
    expect(faultsOf('npx --yes daypass login; npm exec daypass list')).toHaveLength(2);
    expect(faultsOf('npx --no osls deploy && cd daypass && daypass login')).toEqual([]);
    expect(faultsOf('daypass logn')).toEqual(['daypass logn is no command']);
  });
});

it('what only a clone has is what the served file says that of', () => {
  const ofPeople = served.commands
    .map((command) => command.name())
    .filter((name) => !operatorVerbs.some((verb) => verb === name));
  expect([...ofPeople, ...operatorVerbs].sort()).toEqual([...verbs].sort());
});
