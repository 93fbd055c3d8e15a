import type { ErrorName } from '#core/errors.ts';
import type { Ports } from '#ports/ports.ts';
import type { Gate } from '#ports/workflows.ts';

export type GatePorts = {
  taskTokens: Pick<Ports['taskTokens'], 'find'>;
  requests: Pick<Ports['requests'], 'get'>;
  alerts: Pick<Ports['alerts'], 'get'>;
  workflows: Pick<Ports['workflows'], 'succeed' | 'fail'>;
  log: Pick<Ports['log'], 'info'>;
};

/** How a gate opens: the execution goes on, ends because there is nothing to go on with, or waits anew for a later end. */
type Opening = { goOn: Readonly<Record<string, string>> } | { error: ErrorName; cause: string };

/** Judged by what is stored; undefined while the execution has to go on waiting. */
const openingOf = async (
  name: string,
  gate: Gate,
  until: string | undefined,
  ports: GatePorts,
): Promise<Opening | undefined> => {
  if (gate === 'AwaitAnswer') {
    const alert = await ports.alerts.get(name);
    return alert && alert.status !== 'open' ? { goOn: { action: alert.answer.action } } : undefined;
  }
  const request = await ports.requests.get(name);
  if (!request) return undefined;
  const { status } = request;
  if (gate === 'AwaitApproval' && (status === 'approved' || status === 'active')) return { goOn: { status } };
  switch (status) {
    case 'pending':
    case 'approved':
      return undefined;
    case 'active':
      return until !== undefined && request.grant.endsAt > until
        ? { error: 'GrantExtended', cause: `The grant ends at ${request.grant.endsAt} by now.` }
        : undefined;
    case 'ending':
    case 'ended':
      return { goOn: { status } };
    case 'refused':
    case 'denied':
    case 'cancelled':
    case 'lapsed':
      return { error: 'RequestClosed', cause: `The request is ${status}.` };
  }
};

/**
 * Lets the execution `name` go on if it waits at `gate` and what it waits for has happened. An execution that is gone
 * (timed out, stopped) is left to the sweeper. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`.
 */
export const openGate = async ({ name, gate }: { name: string; gate: Gate }, ports: GatePorts): Promise<void> => {
  const wait = await ports.taskTokens.find(name, gate);
  if (!wait) return;
  const opening = await openingOf(name, gate, wait.until, ports);
  if (!opening) return;
  const result =
    'goOn' in opening
      ? await ports.workflows.succeed(wait.taskToken, opening.goOn)
      : await ports.workflows.fail(wait.taskToken, opening.error, opening.cause);
  if (result === 'gone') ports.log.info('An execution no longer waits at its gate.', { name, gate });
};
