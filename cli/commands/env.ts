import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { credentialsFor, type GrantOptions } from '../grant.ts';
import { foreign, likelyShell, type Shell, script, variablesOf } from '../variables.ts';

export const run = async (context: Context, options: GrantOptions & { shell?: Shell }): Promise<void> => {
  const view = await credentialsFor(context, options, await openSession(context));
  const variables = variablesOf(view, context.env);
  const shell = options.shell ?? likelyShell(context.env);
  succeed(
    context,
    { variables, unset: foreign, expiresAt: view.credentials.expiresAt },
    script(shell, variables, foreign),
  );
};
