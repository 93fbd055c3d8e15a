import { Command, Option } from 'commander';
import { managedPrefix } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import meta from './bin/package.json' with { type: 'json' };
import type { CommonOptions, Context } from './context.ts';
import { shells } from './shells.ts';

/** Given the options of the command that was named: the world it runs in. */
type Open = (options: CommonOptions) => Context;

const exitCodes = `
Exit codes: 0 ok, 1 unexpected, 2 usage, 3 denied, 4 still waiting, 5 not found or over,
6 not logged in, 7 Daypass or AWS not available, 130 interrupted.`;

const variablesHelp = `AWS_ variables that would have calls go elsewhere, or come from somebody else, are removed: profiles, endpoints, bearer
tokens, roles, another account. Endpoints in ~/.aws/config do not count. A region of yours stays.
`;

const keptHelp = `Credentials are kept, for you alone, in DAYPASS_HOME/credentials and handed out again until 5 minutes before they expire.
Daypass is asked each time whether the grant is live: of one that is over, or while Daypass cannot be reached, nothing is
handed out.`;

const examples = (lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;

/** What those who run Daypass use is added from outside: not everybody who asks for access has it. */
export type Tools = {
  program: Command;
  common(command: Command): Command;
  examples(lines: readonly string[]): string;
  context(command: Command): Context;
  finish(code: number): void;
};
export type AddOperatorCommands = (tools: Tools) => void;

/** Every command. What it does is loaded when it is called. `finish` gets an exit code other than 0. */
export const buildProgram = (
  open: Open,
  finish: (code: number) => void,
  addOperatorCommands: AddOperatorCommands,
): Command => {
  const program = new Command(commandName)
    .description('Just-in-time AWS access: ask, use, be done.')
    .version(meta.version)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `\nStart with \`${commandName} login\`. State is kept in DAYPASS_HOME, by default in your configuration folder.\n${exitCodes}\n`,
    );

  const common = (command: Command): Command =>
    command
      .option('--api <url>', 'where Daypass is (default: DAYPASS_API, else where you logged in last)')
      .option('--json', 'one JSON object on stdout: {ok, data} or {ok, error}');
  common(program);

  const verb = (name: string, description: string, lines: readonly string[]): Command =>
    common(program.command(name)).description(description).addHelpText('after', examples(lines));

  const context = (command: Command): Context => open(command.optsWithGlobals<CommonOptions>());

  verb('login', 'log this machine in, with a code that you confirm in Slack', [
    `${commandName} login --api https://daypass.example.com`,
  ]).action(async (_options, command: Command) => (await import('./commands/login.ts')).run(context(command)));
  verb('logout', 'revoke the login and forget it', [`${commandName} logout`]).action(
    async (_options, command: Command) => (await import('./commands/logout.ts')).run(context(command)),
  );
  verb('whoami', 'who Daypass thinks you are', [`${commandName} whoami`]).action(async (_options, command: Command) =>
    (await import('./commands/whoami.ts')).run(context(command)),
  );
  verb('entitlements', 'what you can ask for', [`${commandName} entitlements`]).action(
    async (_options, command: Command) => (await import('./commands/entitlements.ts')).run(context(command)),
  );
  verb('list', 'your requests, and what waits for your vote', [
    `${commandName} list`,
    `${commandName} list --json`,
  ]).action(async (_options, command: Command) => (await import('./commands/list.ts')).run(context(command)));

  verb('request', 'ask for access', [
    `${commandName} request orders-admin --for 30m --reason "fixing INC-42"`,
    `${commandName} request orders-read --reason "looking at INC-42" --wait`,
  ])
    .argument('[entitlement]', `what to ask for: see \`${commandName} entitlements\``)
    .option('--for <duration>', 'for how long: 20s, 30m, 1h30m (default: what is usual for it)')
    .option('--reason <text>', 'why')
    .option('--ticket <id>', 'the ticket it belongs to')
    .option('--wait', 'wait until it is decided and live')
    .option('--timeout <duration>', 'with --wait: give up waiting after this')
    .action(async (entitlement: string | undefined, options, command: Command) =>
      (await import('./commands/request.ts')).run(context(command), entitlement, options),
    );
  verb('extend', 'ask for more time for a live grant', [
    `${commandName} extend 30m --reason "INC-42 takes longer"`,
    `${commandName} extend --entitlement orders-admin 1h --reason "INC-42 takes longer" --wait`,
    `${commandName} extend 01J9ZX5T8R5C6X3K4M2N7P8Q9R 30m --reason "INC-42 takes longer"`,
  ])
    .usage('[options] [id] <duration>')
    .argument('[id]', 'the request; may be left out when only one is live')
    .argument('[duration]', 'how much longer: 20s, 30m, 1h30m')
    .option('--entitlement <id>', 'the live grant of it that ends last')
    .option('--reason <text>', 'why')
    .option('--wait', 'wait until it is answered')
    .option('--timeout <duration>', 'with --wait: give up waiting after this')
    .action(async (first: string | undefined, second: string | undefined, options, command: Command) => {
      const words = [first, second].filter((word) => word !== undefined);
      return (await import('./commands/extend.ts')).run(context(command), words, options);
    });
  verb('done', 'end a grant now', [`${commandName} done`, `${commandName} done 01J9ZX5T8R5C6X3K4M2N7P8Q9R`])
    .argument('[id]', 'the request; may be left out when only one is live')
    .action(async (id: string | undefined, _options, command: Command) =>
      (await import('./commands/done.ts')).run(context(command), id),
    );
  verb('cancel', 'take a request back that nobody has decided on', [`${commandName} cancel`])
    .argument('[id]', 'the request; may be left out when only one is waiting')
    .action(async (id: string | undefined, _options, command: Command) =>
      (await import('./commands/cancel.ts')).run(context(command), id),
    );

  verb('lockdown', 'the panic button: end everything of a person, role or account, and block it until it is lifted', [
    `${commandName} lockdown`,
    `${commandName} lockdown person alice --reason "laptop stolen"`,
    `${commandName} lockdown role production/${managedPrefix}orders-admin --reason "INC-42" --yes`,
    `${commandName} lockdown lift person alice --reason "new laptop"`,
  ])
    .argument('[what...]', 'person NAME, role ACCOUNT/NAME or account NAME; `lift` before it lifts; nothing lists')
    .option('--reason <text>', 'why: it is kept, and shown to whoever is hit')
    .option('--yes', 'do not ask once more')
    .action(async (what: string[], options, command: Command) =>
      (await import('./commands/lockdown.ts')).run(context(command), what, options),
    );

  const ofGrant = (command: Command): Command =>
    command
      .option('--entitlement <id>', 'the live grant of it that ends last')
      .option('--request <id>', 'the grant of this request')
      .option('--fresh', 'new credentials, which live longest, although there may be live ones')
      .addHelpText('after', keptHelp);

  ofGrant(
    verb('exec', 'run a command with the credentials of a grant', [
      `${commandName} exec --entitlement orders-admin -- aws dynamodb list-tables`,
    ]),
  )
    .argument('[command...]', 'the command and its arguments, after `--`')
    .passThroughOptions()
    .addHelpText('after', `\n${variablesHelp}`)
    .action(async (argv: string[], options, command: Command) =>
      finish(await (await import('./commands/exec.ts')).run(context(command), argv, options)),
    );
  ofGrant(
    verb('env', 'print the credentials of a grant for a shell to evaluate', [
      `eval "$(${commandName} env --entitlement orders-admin)"`,
      `${commandName} env --entitlement orders-admin --shell fish | source`,
      `${commandName} env --entitlement orders-admin --shell powershell | Out-String | Invoke-Expression`,
      `eval "\`${commandName} env --entitlement orders-admin --shell tcsh\`"`,
      `for /f "delims=" %i in ('${commandName} env --entitlement orders-admin --shell cmd') do @%i`,
    ]),
  )
    .addOption(
      new Option('--shell <name>', 'for which shell (default: the one that seems to be yours)').choices(shells),
    )
    .action(async (options, command: Command) => (await import('./commands/env.ts')).run(context(command), options));
  ofGrant(
    verb('credential-process', 'print the credentials of a grant as AWS SDKs read them', [
      `${commandName} credential-process --entitlement orders-admin`,
      `${commandName} credential-process --entitlement orders-admin --for-config`,
    ]),
  )
    .option(
      '--for-config',
      'print instead the line for a profile of ~/.aws/config, with the whole path of this program',
    )
    .action(async (options, command: Command) =>
      (await import('./commands/credential-process.ts')).run(context(command), options),
    );

  addOperatorCommands({ program, common, examples, context, finish });
  return program;
};
