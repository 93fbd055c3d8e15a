import type { DomainEvent } from '#events/events.ts';
import { chainToFollow, gateToOpen, workflowToStart } from '#events/routing.ts';
import type { RuleEvent } from '#events/rules/rule.ts';
import type { Gate, Machine } from '#ports/workflows.ts';

/** What EventBridge has to bring to a function, at least once and in no order. */
export type Delivery =
  | { to: 'start-workflow'; requestId: string }
  | { to: 'start-workflow'; lockdownId: string }
  | { to: 'open-gate'; requestId: string; gate: Extract<Gate, 'AwaitApproval' | 'AwaitEnd'>; approved: boolean }
  | { to: 'sweep'; requestId: string }
  /** CloudTrail’s event of an administrator’s call. */
  | { to: 'sweep'; roleArn: string; event: RuleEvent }
  | { to: 'sweep'; chainOf: string }
  | { to: 'sweep'; lockdownId: string };

/** The deliveries that the product's own rules make of an event of a request or a lockdown. */
const deliveriesOf = (event: DomainEvent): Delivery[] => {
  const workflow = workflowToStart(event);
  const opened = gateToOpen(event);
  const chain = chainToFollow(event);
  const deliveries: Delivery[] = [];
  if (workflow?.machine === 'access-request') deliveries.push({ to: 'start-workflow', requestId: workflow.name });
  if (workflow?.machine === 'lockdown') deliveries.push({ to: 'start-workflow', lockdownId: workflow.name });
  if (opened && opened.gate !== 'AwaitAnswer') {
    deliveries.push({ to: 'open-gate', requestId: opened.name, gate: opened.gate, approved: opened.approved });
  }
  if (chain) deliveries.push({ to: 'sweep', chainOf: chain.requestId });
  return deliveries;
};

export const createBus = () => {
  let pending: Delivery[] = [];
  /** Every event that was ever put, by its id. */
  const put = new Map<string, string>();
  let contradiction: string | undefined;
  return {
    put: (event: DomainEvent): void => {
      const text = JSON.stringify(event);
      const { eventId } = event.detail;
      if ((put.get(eventId) ?? text) !== text) contradiction ??= `${eventId} was published with two contents.`;
      put.set(eventId, text);
      pending.push(...deliveriesOf(event));
    },
    executionStopped: (machine: Machine, name: string): void =>
      void pending.push(machine === 'lockdown' ? { to: 'sweep', lockdownId: name } : { to: 'sweep', requestId: name }),
    called: (roleArn: string, event: RuleEvent): void => void pending.push({ to: 'sweep', roleArn, event }),
    pending: (): readonly Delivery[] => pending,
    /** The function took it. */
    taken: (delivery: Delivery): void => {
      pending = pending.filter((each) => each !== delivery);
    },
    published: (): ReadonlyMap<string, string> => put,
    contradiction: (): string | undefined => contradiction,
  };
};

export type Bus = ReturnType<typeof createBus>;
