import { createAlertStore } from '#adapters/aws/alert-store.ts';
import { createCanaries } from '#adapters/aws/canary-store.ts';
import { createChainStore } from '#adapters/aws/chain-store.ts';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { createLoginStore } from '#adapters/aws/login-store.ts';
import { createPostings } from '#adapters/aws/postings.ts';
import { createReplyStore } from '#adapters/aws/reply-store.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { createSeenRoles } from '#adapters/aws/seen-roles.ts';
import { createSessionStore } from '#adapters/aws/session-store.ts';
import type { Table } from '#adapters/aws/table.ts';
import { createTaskTokens } from '#adapters/aws/task-tokens.ts';
import type { DomainEvent } from '#events/events.ts';
import type { Clock } from '#ports/clock.ts';
import type { Stores } from './memory-stores.ts';

/** The real stores on a table; the bus is `put`, and nothing stays in the outbox. */
export const tableStores =
  (table: Table) =>
  (clock: Clock, put: (event: DomainEvent) => void): Stores => {
    const publish = async (events: readonly DomainEvent[]): Promise<void> => void events.forEach(put);
    return {
      requests: createRequestStore(table),
      sessions: createSessionStore(table),
      outbox: { announce: publish, publish, publishLeftovers: async () => 0 },
      ledgers: createLedgerStore(table, clock),
      seenRoles: createSeenRoles(table),
      canaries: createCanaries(table),
      chains: createChainStore(table),
      lockdowns: createLockdownStore(table),
      alerts: createAlertStore(table),
      taskTokens: createTaskTokens(table, clock),
      logins: createLoginStore(table),
      replies: createReplyStore(table, clock),
      postings: createPostings(table, clock),
    };
  };
