import type { ErrorName } from '#core/errors.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import type { Gate, GateWait } from '#ports/workflows.ts';

export type GatePorts = {
  taskTokens: Pick<Ports['taskTokens'], 'find' | 'cameTooEarly'>;
  requests: Pick<Ports['requests'], 'get'>;
  alerts: Pick<Ports['alerts'], 'get'>;
  workflows: Pick<Ports['workflows'], 'succeed' | 'fail'>;
  log: Pick<Ports['log'], 'info'>;
};

/**
 * How a gate opens: the execution goes on, ends because there is nothing to go on with, or waits anew for a later end.
 */
type Opening = { goOn: Readonly<Record<string, string>> } | { error: ErrorName; cause: string };

/**
 * How the gate opens by what is stored now, for whoever waits `until` an instant; undefined while there is no way on.
 */
type Judge = (until: string | undefined) => Opening | undefined;

const judgeOf = async (name: string, gate: Gate, ports: GatePorts): Promise<Judge> => {
  if (gate === 'AwaitAnswer') {
    const alert = await ports.alerts.get(name);
    return () => (alert && alert.status !== 'open' ? { goOn: { action: alert.answer.action } } : undefined);
  }
  const request = await ports.requests.get(name);
  return (until) => request && openingOf(request, gate, until);
};

const openingOf = (request: AccessRequest, gate: Gate, until: string | undefined): Opening | undefined => {
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
 * Lets the execution `name` go on if it waits at `gate` and what it waits for has happened. `approved`: it is told that
 * its request was. Whether that is so is not read here: `ActivateGrant` reads it next, and sends an execution whose
 * request still waits for its votes back to this gate. An execution that is gone (timed out, stopped) is left to the
 * sweeper. Idempotent. Throws `StoreUnavailable`, `WorkflowUnavailable`.
 */
export const openGate = async (
  { name, gate, approved = false }: { name: string; gate: Gate; approved?: boolean | undefined },
  ports: GatePorts,
): Promise<void> => {
  const [found, judge] = await Promise.all([
    ports.taskTokens.find(name, gate),
    approved ? () => ({ goOn: { status: 'approved' } }) : judgeOf(name, gate, ports),
  ]);
  const wait = found ?? (await ports.taskTokens.cameTooEarly(name, gate));
  if (!wait || (await goOn({ name, gate, wait }, judge, ports)) !== 'gone') return;
  // Who begins to wait anew at the gate, where the end was put off or the task is tried again, has another token.
  const anew = await ports.taskTokens.cameTooEarly(name, gate);
  if (anew && anew.taskToken !== wait.taskToken) await goOn({ name, gate, wait: anew }, judge, ports);
};

/** The same for who has just begun to wait. */
export const openIfDue = async (waiting: Waiting, ports: GatePorts): Promise<void> => {
  await goOn(waiting, await judgeOf(waiting.name, waiting.gate, ports), ports);
};

type Waiting = { name: string; gate: Gate; wait: GateWait };

const goOn = async (
  { name, gate, wait }: Waiting,
  judge: Judge,
  ports: Pick<GatePorts, 'workflows' | 'log'>,
): Promise<'resumed' | 'gone' | undefined> => {
  const opening = judge(wait.until);
  if (!opening) return undefined;
  const result =
    'goOn' in opening
      ? await ports.workflows.succeed(wait.taskToken, opening.goOn)
      : await ports.workflows.fail(wait.taskToken, opening.error, opening.cause);
  if (result === 'gone') ports.log.info('An execution no longer waits at its gate.', { name, gate });
  return result;
};
