import type { Ports } from '#ports/ports.ts';
import type { Gate } from '#ports/workflows.ts';

type GatePorts = Pick<Ports, 'taskTokens' | 'requests' | 'alerts' | 'workflows' | 'log'>;

/** How a gate opens: the execution goes on, or ends because there is nothing to go on with. */
type Opening = { goOn: Readonly<Record<string, string>> } | { closed: string };

/** Judged by what is stored; undefined while the execution has to go on waiting. */
const openingOf = async (name: string, gate: Gate, ports: GatePorts): Promise<Opening | undefined> => {
  if (gate === 'AwaitAnswer') {
    const alert = await ports.alerts.get(name);
    return alert && alert.status !== 'open' ? { goOn: { action: alert.answer.action } } : undefined;
  }
  const status = (await ports.requests.get(name))?.status;
  switch (status) {
    case undefined:
    case 'pending':
      return undefined;
    case 'approved':
    case 'active':
      return gate === 'AwaitApproval' ? { goOn: { status } } : undefined;
    case 'ending':
    case 'ended':
      return { goOn: { status } };
    case 'refused':
    case 'denied':
    case 'cancelled':
    case 'lapsed':
      return { closed: status };
  }
};

/**
 * Lets the execution `name` go on if it waits at `gate` and what it waits for has happened. An execution that is gone
 * (timed out, stopped) is left to the sweeper. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`.
 */
export const openGate = async ({ name, gate }: { name: string; gate: Gate }, ports: GatePorts): Promise<void> => {
  const [opening, taskToken] = await Promise.all([openingOf(name, gate, ports), ports.taskTokens.find(name, gate)]);
  if (!opening || taskToken === undefined) return;
  const result =
    'goOn' in opening
      ? await ports.workflows.succeed(taskToken, opening.goOn)
      : await ports.workflows.fail(taskToken, 'RequestClosed', `The request is ${opening.closed}.`);
  if (result === 'gone') ports.log.info('An execution no longer waits at its gate.', { name, gate });
};
