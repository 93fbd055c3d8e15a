import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { LockdownAuditEntry } from '#core/lockdown/change.ts';
import type { InForce, Lockdown } from '#core/lockdown/lockdown.ts';
import { subjectFrom, subjectText } from '#core/lockdown/subject.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import type { LockdownStore, Register } from '#ports/lockdown-store.ts';
import { nameOfError } from './failures.ts';
import { outboxItems } from './outbox.ts';
import { readItem } from './read-item.ts';
import { conflictOrUnavailable, type Item, pagesOf, storedVersion, type Table, unavailable } from './table.ts';

/** What is in force stands in one item of its own: it is read at every decision and holds a few lockdowns at most. */
const registerKey = { pk: 'LOCKDOWN', sk: 'IN-FORCE' };
const keyOf = (id: string): { pk: string; sk: string } => ({ pk: `LOCKDOWN#${id}`, sk: 'STATE' });
const auditKey = ({ lockdownId, seq }: LockdownAuditEntry): { pk: string; sk: string } => ({
  pk: `LOCKDOWN#${lockdownId}`,
  sk: `AUDIT#${String(seq).padStart(8, '0')}`,
});

/** Writes of hits that are under way at the same time. */
const atOnce = 25;

const entryOf = ({ id, scope, reason, begunAt, begunBy }: Lockdown): InForce => ({
  id,
  scope,
  reason,
  begunAt,
  begunBy,
});

/** A subject is stored as its text. */
type StoredHit = { subject: string; outcome: Hit['outcome'] };
const hitFrom = ({ subject, outcome }: StoredHit): Hit => ({ subject: subjectFrom(subject), outcome });

/** Without those that were lifted, oldest first. */
const registerWith = ({ version, lockdowns }: Register, lockdown: Lockdown): Item => {
  const others = lockdowns.filter(({ id }) => id !== lockdown.id);
  return {
    ...registerKey,
    version: version + 1,
    lockdowns: lockdown.status === 'in-force' ? [...others, entryOf(lockdown)] : others,
  };
};

export const createLockdownStore = (table: Table): LockdownStore => {
  const under = async (id: string, prefix: 'AUDIT#' | 'HIT#', what: string): Promise<Item[]> => {
    const items: Item[] = [];
    const pages = pagesOf(table, `${what} of lockdown ${id}`, {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': keyOf(id).pk, ':prefix': prefix },
      ConsistentRead: true,
    });
    for await (const page of pages) items.push(...page);
    return items;
  };

  const noteOne = async (id: string, hit: Hit): Promise<void> => {
    const subject = subjectText(hit.subject);
    const Item = { pk: keyOf(id).pk, sk: `HIT#${subject}`, hit: { ...hit, subject } };
    const onlyNew = hit.outcome === 'found' && { ConditionExpression: 'attribute_not_exists(pk)' };
    await table.client.send(new PutCommand({ TableName: table.name, Item, ...onlyNew })).catch((error: unknown) => {
      if (!onlyNew || nameOfError(error) !== 'ConditionalCheckFailedException') {
        unavailable(`Lockdown ${id}`)(error);
      }
    });
  };

  return {
    register: async () => {
      const Item = await readItem(table, registerKey, 'What is locked down');
      return { version: Number(Item?.version ?? 0), lockdowns: (Item?.lockdowns as InForce[] | undefined) ?? [] };
    },
    get: async (id) => {
      const Item = await readItem(table, keyOf(id), `Lockdown ${id}`);
      return Item?.state as Lockdown | undefined;
    },
    save: async ({ lockdown, audit, events }, register) => {
      const state = { ...keyOf(lockdown.id), version: lockdown.version, state: lockdown };
      const put = (Item: Item, version: number) => ({
        Put: { TableName: table.name, Item, ...storedVersion(version) },
      });
      const TransactItems = [
        put(state, lockdown.version - 1),
        put({ ...auditKey(audit), entry: audit }, 0),
        ...(register ? [put(registerWith(register, lockdown), register.version)] : []),
        ...outboxItems(table, events),
      ];
      await table.client
        .send(new TransactWriteCommand({ TransactItems }))
        .catch(conflictOrUnavailable(`Lockdown ${lockdown.id}`));
    },
    note: async (id, hits) => {
      for (let first = 0; first < hits.length; first += atOnce) {
        await Promise.all(hits.slice(first, first + atOnce).map((hit) => noteOne(id, hit)));
      }
    },
    hits: async (id) => (await under(id, 'HIT#', 'What was met')).map(({ hit }) => hitFrom(hit as StoredHit)),
    audit: async (id) => (await under(id, 'AUDIT#', 'The audit')).map(({ entry }) => entry as LockdownAuditEntry),
  };
};
