import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { encodeTime } from 'ulid';
import type { AuditEntry } from '#core/request/audit.ts';
import { isClosed } from '#core/request/moves.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { readStored } from '#core/request/stored.ts';
import type { RequestStore } from '#ports/request-store.ts';
import { countItems, limitReachedOr, recount } from './count-items.ts';
import { outboxItems } from './outbox.ts';
import { readItem } from './read-item.ts';
import { sessionItems } from './session-store.ts';
import { conflictOrUnavailable, type Item, pagesOf, storedVersion, type Table } from './table.ts';

const keyOf = (id: string): { pk: string; sk: string } => ({ pk: `REQUEST#${id}`, sk: 'STATE' });

/** Zeros in front, so that the entries sort as numbers do. */
const auditKey = (entry: AuditEntry): { pk: string; sk: string } => ({
  pk: `REQUEST#${entry.requestId}`,
  sk: `AUDIT#${String(entry.seq).padStart(8, '0')}`,
});

const stateItem = (request: AccessRequest): Item => ({
  ...keyOf(request.id),
  version: request.version,
  person: `PERSON#${request.personId}`,
  sortKey: request.id,
  // Only open requests stand in the index that the sweeper reads.
  ...(!isClosed(request.status) && { liveStatus: `REQUEST#${request.status}` }),
  state: request,
});

/** Of one person's requests, in search of those that are open: so many are looked at in one call, and in all. */
const lookedAt = { inCall: 1_000, inAll: 5_000 };

/** Requests on the one table: the state and its audit entries share a partition, so one transaction writes both. */
export const createRequestStore = (table: Table): RequestStore => {
  const queryStates = async (
    index: 'byPerson' | 'byStatus',
    attribute: string,
    value: string,
    {
      limit,
      before,
      between,
    }: { limit?: number | undefined; before?: string | undefined; between?: readonly [string, string] } = {},
  ): Promise<AccessRequest[]> => {
    const range = between ? ' AND sortKey BETWEEN :from AND :to' : before === undefined ? '' : ' AND sortKey < :before';
    const pages = pagesOf(table, 'The requests', {
      IndexName: index,
      KeyConditionExpression: `#attribute = :value${range}`,
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: {
        ':value': value,
        ...(between ? { ':from': between[0], ':to': between[1] } : before !== undefined && { ':before': before }),
      },
      ScanIndexForward: false,
      ...(limit !== undefined && { Limit: limit }),
    });
    const found: AccessRequest[] = [];
    for await (const page of pages) {
      found.push(...page.map((item) => readStored(item.state as AccessRequest)));
      if (limit !== undefined && found.length >= limit) break;
    }
    return found;
  };

  return {
    get: async (id) => {
      const Item = await readItem(table, keyOf(id), `Request ${id}`);
      return Item && readStored(Item.state as AccessRequest);
    },
    save: async ({ request, audit, events, sessions = [], counts = [] }) => {
      await table.client
        .send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { TableName: table.name, Item: stateItem(request), ...storedVersion(request.version - 1) } },
              { Put: { TableName: table.name, Item: { ...auditKey(audit), entry: audit }, ...storedVersion(0) } },
              ...sessionItems(table, sessions),
              ...outboxItems(table, events),
              ...countItems(table, counts),
            ],
          }),
        )
        .catch(limitReachedOr(counts, conflictOrUnavailable(`Request ${request.id}`)));
    },
    recount: (count, to) => recount(table, count, to),
    ofPerson: (personId, limit = 50, before) =>
      queryStates('byPerson', 'person', `PERSON#${personId}`, { limit, before }),
    openOf: async (personId, sinceMs) => {
      const pages = pagesOf(table, 'The requests', {
        IndexName: 'byPerson',
        KeyConditionExpression: 'person = :person AND sortKey >= :since',
        FilterExpression: 'attribute_exists(liveStatus)',
        ExpressionAttributeValues: { ':person': `PERSON#${personId}`, ':since': encodeTime(Math.max(0, sinceMs), 10) },
        ScanIndexForward: false,
        Limit: lookedAt.inCall,
      });
      const found: AccessRequest[] = [];
      let calls = 0;
      for await (const page of pages) {
        found.push(...page.map((item) => readStored(item.state as AccessRequest)));
        calls += 1;
        if (calls >= lookedAt.inAll / lookedAt.inCall) break;
      }
      return found;
    },
    // A request's id is a ULID: it begins with its time, and `~` is after every letter of the rest.
    askedBetween: (personId, fromMs, toMs) =>
      queryStates('byPerson', 'person', `PERSON#${personId}`, {
        between: [encodeTime(Math.max(0, fromMs), 10), `${encodeTime(Math.max(0, toMs), 10)}~`],
      }),
    withStatus: (status, page) => queryStates('byStatus', 'liveStatus', `REQUEST#${status}`, page),
    audit: async (id) => {
      const pages = pagesOf(table, `The audit of request ${id}`, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
        ExpressionAttributeValues: { ':pk': keyOf(id).pk, ':audit': 'AUDIT#' },
        ConsistentRead: true,
      });
      const entries: AuditEntry[] = [];
      for await (const page of pages) entries.push(...page.map((item) => item.entry as AuditEntry));
      return entries;
    },
  };
};
