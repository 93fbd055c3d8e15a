import type { Alert } from '#core/alert/alert.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import { DaypassError } from '#core/errors.ts';
import type { Session } from '#core/grant/session.ts';
import type { Ledger, LedgerEntry } from '#core/ledger/ledger.ts';
import type { LockdownAuditEntry } from '#core/lockdown/change.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import type { AuditEntry } from '#core/request/audit.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { SeenRole } from '#core/role-shape.ts';
import type { DomainEvent } from '#events/events.ts';
import type { Canary } from '#ports/canaries.ts';
import type { Register } from '#ports/lockdown-store.ts';
import type { GateWait } from '#ports/workflows.ts';

/** Who has the right to write a role, until when. */
export type Lease = { fence: number; heldUntilMs?: number };

/** All that the one table holds, in memory, so that a model run costs milliseconds. */
export type Memory = {
  requests: Map<string, AccessRequest>;
  /** By their mints' ids. */
  sessions: Map<string, Session>;
  audit: Map<string, AuditEntry[]>;
  outbox: Map<string, DomainEvent>;
  /** What is counted, and how many there were. */
  counts: Map<string, number>;
  ledgers: Map<string, Ledger>;
  seenRoles: Map<string, SeenRole>;
  canaries: Map<string, Canary>;
  leases: Map<string, Lease>;
  /** Role → what waits for its next writer. */
  proposals: Map<string, Map<string, LedgerEntry>>;
  tokens: Map<string, { wait?: GateWait; cameTooEarly: boolean }>;
  alerts: Map<string, Alert>;
  /** Group → the alerts that it has. */
  alike: Map<string, Set<string>>;
  chains: Map<string, ChainedRole>;
  lockdowns: Map<string, Lockdown>;
  lockdownAudit: Map<string, LockdownAuditEntry[]>;
  /** Lockdown → subject → how it stands with it. */
  hits: Map<string, Map<string, Hit>>;
  /** What is in force. */
  register: Register;
};

export const emptyMemory = (): Memory => ({
  requests: new Map(),
  sessions: new Map(),
  audit: new Map(),
  outbox: new Map(),
  counts: new Map(),
  ledgers: new Map(),
  seenRoles: new Map(),
  canaries: new Map(),
  leases: new Map(),
  proposals: new Map(),
  tokens: new Map(),
  alerts: new Map(),
  alike: new Map(),
  chains: new Map(),
  lockdowns: new Map(),
  lockdownAudit: new Map(),
  hits: new Map(),
  register: { version: 0, lockdowns: [] },
});

/** What goes into a table and comes out of it is a copy, and members that are undefined do not get there. */
export const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Throws unless the stored version is the one before. */
export const mustFollow = (what: string, stored: number, version: number): void => {
  if (stored === version - 1) return;
  throw new DaypassError('VersionConflict', `${what} was changed by somebody else at the same time.`);
};
