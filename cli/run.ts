import { realpathSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { commandName } from '#core/command-name.ts';
import type { CommonOptions, Context } from './context.ts';
import { exits, Failure } from './failure.ts';
import { type AddOperatorCommands, buildProgram } from './program.ts';

const { env, stdin, stdout, stderr } = process;
const stop = new AbortController();
process.on('SIGINT', () => stop.abort());

/** Whoever reads our output may go away; that is no failure of ours. */
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exits.ok);
});

const print = (line: string): void => {
  stdout.write(`${line}\n`);
};
const say = (line: string): void => {
  stderr.write(`${line}\n`);
};

const args = process.argv.slice(2);
const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
/** A guess, for a command line that cannot be read; replaced by what was read. */
let json = ownArgs.includes('--json');

const open = (options: CommonOptions): Context => {
  json = options.json ?? false;
  return {
    env,
    clock: { nowMs: () => Date.now() },
    api: options.api,
    self: [process.execPath, realpathSync(process.argv[1] ?? '')],
    json,
    interactive: Boolean(stdin.isTTY && stderr.isTTY) && !env.CI && env.TERM !== 'dumb',
    colour: Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb',
    signal: stop.signal,
    print,
    say,
  };
};

/** A person's mistake and a program's failure look alike: what happened, what to do, and nothing of how we are made. */
const report = (failure: Failure): void => {
  const { code, message, hint } = failure;
  if (json) print(JSON.stringify({ ok: false, error: { code, message, ...(hint !== undefined && { hint }) } }));
  else say(`${commandName}: ${message}${hint === undefined ? '' : `\n${hint}`}`);
};

const failureFrom = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new Failure(
    exits.unexpected,
    'unexpected',
    `Something went wrong in ${commandName} itself (${name}).`,
    'Set DAYPASS_DEBUG=1 to see where.',
  );
};

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];

/** One run of the command line, by the arguments of this process. */
export const run = async (addOperatorCommands: AddOperatorCommands): Promise<void> => {
  const program = buildProgram(
    open,
    (code) => {
      process.exitCode = code;
    },
    addOperatorCommands,
  );

  /** What commander has to say of a mistake, and of which command; kept until it is known how to say it. */
  let complaint = '';
  let mistaken: Command = program;
  program.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => {
      complaint += text;
    },
  });
  for (const command of program.commands.flatMap(withSubcommands)) {
    command
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => {
          complaint += text;
          mistaken = command;
        },
      })
      .exitOverride();
  }

  try {
    if (args.length === 0) {
      stderr.write(program.helpInformation());
      process.exitCode = exits.usage;
    } else {
      await program.parseAsync(args, { from: 'user' });
    }
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exits.ok : exits.usage;
      // `daypass policy` alone: commander complains with a page of help.
      if (error.code === 'commander.help') complaint = 'error: A further word is missing.\n';
      const [message = error.message, ...rest] = complaint
        .trim()
        .replace(/^error: /, '')
        .split('\n');
      if (error.exitCode !== 0) {
        const hint = [...rest, `See \`${nameOf(mistaken)} --help\`.`].join(' ').trim();
        report(new Failure(exits.usage, 'usage', message.charAt(0).toUpperCase() + message.slice(1), hint));
      }
    } else {
      if (env.DAYPASS_DEBUG && error instanceof Error && !(error instanceof Failure)) say(String(error.stack));
      const failure = failureFrom(error);
      process.exitCode = failure.exit;
      report(failure);
    }
  }
};
