import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { usage } from '../failure.ts';
import { credentialsFor, type GrantOptions } from '../grant.ts';
import { likelyShell, type Shell, script, shells } from '../shells.ts';
import { toRemove, variablesOf } from '../variables.ts';

type EnvOptions = GrantOptions & { shell?: Shell };

/** Throws a Failure where nobody said for which shell, and it is one of which we know no syntax. */
const shellFor = (context: Context, { shell: given, entitlement, request }: EnvOptions): Shell => {
  const likely = given === undefined ? likelyShell(context.env) : { shell: given };
  if ('shell' in likely) return likely.shell;
  const which = request === undefined ? `--entitlement ${entitlement ?? 'ID'}` : `--request ${request}`;
  throw usage(
    `Nothing can be printed for ${likely.unknown} to evaluate.`,
    `\`${commandName} exec ${which} -- ${likely.unknown}\` starts one that has the credentials; --json prints them as data; or name another shell with --shell: ${shells.join(', ')}.`,
  );
};

export const run = async (context: Context, options: EnvOptions): Promise<void> => {
  // Before anything is minted; with --json no shell reads it.
  const shell = context.json ? 'sh' : shellFor(context, options);
  const view = await credentialsFor(context, options, await openSession(context));
  const variables = variablesOf(view, context.env);
  const unset = toRemove(variables, context.env);
  const { expiresAt } = view.credentials;
  succeed(context, { variables, unset, expiresAt }, context.json ? [] : script(shell, variables, unset));
};
