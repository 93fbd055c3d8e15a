import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import type { Context } from '../context.ts';
import { usage } from '../failure.ts';
import { credentialsFor, type GrantOptions } from '../grant.ts';
import { environmentWith, variablesOf } from '../variables.ts';

/** As shells do. */
const notThere = 127;
const notRunnable = 126;

/** A terminal sends its own interrupts to the command too; one that comes from elsewhere reaches only us. */
const passedOn = (): readonly NodeJS.Signals[] =>
  process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];

/**
 * Runs a command with a grant's credentials in its environment and returns its exit code; 128 and the signal's number
 * if one ended it.
 */
export const run = async (context: Context, command: readonly string[], options: GrantOptions): Promise<number> => {
  const [file, ...args] = command;
  if (file === undefined)
    throw usage(
      'There is no command to run.',
      `Write it after \`--\`: \`${commandName} exec --entitlement ID -- aws s3 ls\`.`,
    );
  const view = await credentialsFor(context, options, await openSession(context));
  const env = environmentWith(variablesOf(view, context.env), context.env);

  const child = spawn(file, args, { stdio: 'inherit', env });
  const signals = passedOn();
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve) => {
      child.on('error', (error: NodeJS.ErrnoException) => {
        // Without a process id nothing was started; with one, a signal came too late.
        if (child.pid !== undefined) return;
        const absent = error.code === 'ENOENT';
        context.say(
          `${commandName}: ${absent ? `There is no command ${file}.` : `${file} cannot be run (${error.code}).`}`,
        );
        resolve(absent ? notThere : notRunnable);
      });
      child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
};
