import type { DomainEvent } from '#events/events.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { unused } from '../unused.ts';
import { memoryAlerts } from './alerts.ts';
import { memoryCanaries } from './canaries.ts';
import { memoryChains } from './chains.ts';
import { memoryLedgers } from './ledgers.ts';
import { memoryLockdowns } from './lockdowns.ts';
import { noLogins } from './logins.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { memoryOutbox } from './outbox.ts';
import { memoryRequests } from './requests.ts';
import { memorySeenRoles } from './seen-roles.ts';
import { memorySessions } from './sessions.ts';
import { memoryTaskTokens } from './task-tokens.ts';

export type Stores = Pick<
  Ports,
  | 'requests'
  | 'sessions'
  | 'outbox'
  | 'ledgers'
  | 'seenRoles'
  | 'canaries'
  | 'chains'
  | 'lockdowns'
  | 'alerts'
  | 'taskTokens'
  | 'logins'
  | 'replies'
  | 'postings'
>;

/** The stores over one memory; `put` is the bus. Logins, replies and postings are looked at on the database alone. */
export const memoryStores = (
  clock: Clock,
  put: (event: DomainEvent) => void,
  memory: Memory = emptyMemory(),
): Stores => ({
  requests: memoryRequests(memory),
  sessions: memorySessions(memory),
  outbox: memoryOutbox(memory, put),
  ledgers: memoryLedgers(memory, clock),
  seenRoles: memorySeenRoles(memory),
  canaries: memoryCanaries(memory),
  chains: memoryChains(memory),
  lockdowns: memoryLockdowns(memory),
  alerts: memoryAlerts(memory),
  taskTokens: memoryTaskTokens(memory),
  logins: noLogins(),
  replies: unused('replies'),
  postings: unused('postings'),
});
