import { chain } from '#core/request/audit-chain.ts';
import type { DomainEvent, LockdownEvent } from '#events/events.ts';
import { type Lockdown, type LockdownScope, subjectOf } from './lockdown.ts';
import { type Hit, progressOf, tallyOf } from './tally.ts';

/** One fact about one lockdown, chained to the one before it. Never changed. */
export type LockdownAuditEntry = {
  lockdownId: string;
  /** The lockdown's version that this fact made. */
  seq: number;
  at: string;
  /** A person's id, or `daypass` where no person did it. */
  actor: string;
  fact: LockdownEventName;
  detail: Readonly<Record<string, unknown>>;
  previousHash: string;
  hash: string;
};

export type LockdownEventName = LockdownEvent['name'];

/** A change as the store saves it: the new state with its audit entry and the events it causes. */
export type LockdownChange = { lockdown: Lockdown; audit: LockdownAuditEntry; events: readonly DomainEvent[] };

type Fact = { name: LockdownEventName; at: string; by?: string; detail: Readonly<Record<string, unknown>> };

export const lockdownEvent = (
  name: LockdownEventName,
  lockdown: Lockdown,
  { eventId, at, by }: { eventId: string; at: string; by?: string },
): DomainEvent => ({
  name,
  detail: {
    eventId,
    at,
    lockdownId: lockdown.id,
    version: lockdown.version,
    subject: subjectOf(lockdown.scope),
    ...(by !== undefined && { by }),
  },
});

const changed = (next: Lockdown, { name, at, by, detail }: Fact): LockdownChange => {
  const version = next.version + 1;
  const audit: LockdownAuditEntry = chain(next.auditHead, {
    lockdownId: next.id,
    seq: version,
    at,
    actor: by ?? 'daypass',
    fact: name,
    detail: { status: next.status, ...detail },
  });
  const lockdown = { ...next, version, auditHead: audit.hash };
  const event = lockdownEvent(name, lockdown, {
    eventId: `${next.id}.${version}`,
    at,
    ...(by !== undefined && { by }),
  });
  return { lockdown, audit, events: [event] };
};

export type Order = { id: string; scope: LockdownScope; reason: string; at: string; by: string };

/**
 * From here on nothing begins under it; the workflow ends what there is. `hits` is what the one who confirmed was told.
 */
export const begun = ({ id, scope, reason, at, by }: Order, told: Readonly<Record<string, number>>): LockdownChange =>
  changed(
    { id, version: 0, auditHead: '', status: 'in-force', scope, reason, begunAt: at, begunBy: by },
    { name: 'lockdown.begun', at, by, detail: { subject: subjectOf(scope), reason, ...told } },
  );

/** Nothing more is found under it. It stays in force. Undefined where that was told already. */
export const finished = (lockdown: Lockdown, hits: readonly Hit[], at: string): LockdownChange | undefined => {
  const progress = progressOf(hits);
  if (lockdown.finished?.progress === progress) return undefined;
  return changed(
    { ...lockdown, finished: { at, progress } },
    { name: 'lockdown.finished', at, detail: { ...tallyOf(hits) } },
  );
};

/** People may ask again. What it ended stays ended. */
export const lifted = (
  lockdown: Lockdown & { status: 'in-force' },
  { at, by, reason }: { at: string; by: string; reason: string },
): LockdownChange =>
  changed(
    { ...lockdown, status: 'lifted', liftedAt: at, liftedBy: by, liftReason: reason },
    { name: 'lockdown.lifted', at, by, detail: { reason } },
  );
