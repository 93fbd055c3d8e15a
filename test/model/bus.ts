import type { DomainEvent } from '#events/registry.ts';
import { chainDue } from '#events/rules/chain-due.ts';
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
  | { to: 'sweep'; chainOf: string }
  | { to: 'sweep'; lockdownId: string };

const takes = (rule: { pattern: Readonly<Record<string, unknown>> }, name: string): boolean =>
  (rule.pattern['detail-type'] as string[]).includes(name);

/** The deliveries that the product's own rules make of an event of a request or a lockdown. */
const deliveriesOf = ({ name, detail }: DomainEvent): Delivery[] => {
  if ('lockdownId' in detail && typeof detail.lockdownId === 'string') {
    return takes(workflowDue, name) ? [{ to: 'start-workflow', lockdownId: detail.lockdownId }] : [];
  }
  if (takes(chainDue, name) && 'requestId' in detail) return [{ to: 'sweep', chainOf: String(detail.requestId) }];
  if (!/^(request|grant)\./.test(name) || !('requestId' in detail) || typeof detail.requestId !== 'string') return [];
  const { requestId } = detail;
  const gate = name.startsWith('grant.') ? 'AwaitEnd' : 'AwaitApproval';
  return [
    ...(takes(workflowDue, name) ? [{ to: 'start-workflow', requestId } as const] : []),
    ...(takes(gateDue, name) ? [{ to: 'open-gate', requestId, gate } as const] : []),
  ];
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
