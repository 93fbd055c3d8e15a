import type { DomainEvent } from '#events/registry.ts';
import { gateDue } from '#events/rules/gate-due.ts';
import type { RuleEvent } from '#events/rules/rule.ts';
import { workflowDue } from '#events/rules/workflow-due.ts';
import type { Gate, Machine } from '#ports/workflows.ts';

/** What EventBridge has to bring to a function, at least once and in no order. */
export type Delivery =
  | { to: 'start-workflow'; requestId: string }
  | { to: 'start-workflow'; lockdownId: string }
  | { to: 'open-gate'; requestId: string; gate: Extract<Gate, 'AwaitApproval' | 'AwaitEnd'> }
  | { to: 'sweep'; requestId: string }
  /** CloudTrail’s event of an administrator’s call. */
  | { to: 'sweep'; roleArn: string; event: RuleEvent }
  | { to: 'sweep'; lockdownId: string };

const takes = (rule: { pattern: Readonly<Record<string, unknown>> }, name: string): boolean =>
  (rule.pattern['detail-type'] as string[]).includes(name);

/** The deliveries that the product's own rules make of an event of a request or a lockdown. */
const deliveriesOf = ({ name, detail }: DomainEvent): Delivery[] => {
  if ('lockdownId' in detail && typeof detail.lockdownId === 'string') {
    return takes(workflowDue, name) ? [{ to: 'start-workflow', lockdownId: detail.lockdownId }] : [];
  }
  if (!/^(request|grant)\./.test(name) || !('requestId' in detail) || typeof detail.requestId !== 'string') return [];
  const { requestId } = detail;
  const gate = name.startsWith('grant.') ? 'AwaitEnd' : 'AwaitApproval';
  return [
    ...(takes(workflowDue, name) ? [{ to: 'start-workflow', requestId } as const] : []),
    ...(takes(gateDue, name) ? [{ to: 'open-gate', requestId, gate } as const] : []),
  ];
};

/** What an event says. How far a lockdown is may be told again later: it is the same event, and says another time. */
export const textOf = (event: DomainEvent): string =>
  event.name === 'lockdown.progressed'
    ? JSON.stringify({ ...event, detail: { ...event.detail, at: '', version: 0 } })
    : JSON.stringify(event);

export const createBus = () => {
  let pending: Delivery[] = [];
  /** Every event that was ever put, by its id. */
  const put = new Map<string, string>();
  let contradiction: string | undefined;
  return {
    put: (event: DomainEvent): void => {
      const text = textOf(event);
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
