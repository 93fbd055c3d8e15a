import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { usage } from '../failure.ts';
import { credentialsFor, type GrantOptions } from '../grant.ts';
import { likelyShell, type Shell, script, shells } from '../shells.ts';
import { toRemove, variablesOf } from '../variables.ts';

/** Throws a Failure where nobody said for which shell, and it is one of which we know no syntax. */
const shellFor = (context: Context, given: Shell | undefined): Shell => {
  const likely = given === undefined ? likelyShell(context.env) : { shell: given };
  if ('shell' in likely) return likely.shell;
  throw usage(
    `What ${likely.unknown} could evaluate is not known here.`,
    `Run \`${commandName} exec --entitlement ID -- ${likely.unknown}\` for one that has the credentials, read --json, or say --shell: ${shells.join(', ')}.`,
  );
};

export const run = async (context: Context, options: GrantOptions & { shell?: Shell }): Promise<void> => {
  // Before anything is minted; with --json no shell reads it.
  const shell = context.json ? 'sh' : shellFor(context, options.shell);
  const view = await credentialsFor(context, options, await openSession(context));
  const variables = variablesOf(view, context.env);
  const unset = toRemove(variables, context.env);
  const { expiresAt } = view.credentials;
  succeed(context, { variables, unset, expiresAt }, context.json ? [] : script(shell, variables, unset));
};
