import { encodeTime } from 'ulid';
import type { Session } from '#core/grant/session.ts';
import type { SessionStore } from '#ports/session-store.ts';
import { readItem } from './read-item.ts';
import { type Item, pagesOf, type Table, type TransactItems } from './table.ts';

const mintKey = (mintId: string): { pk: string; sk: string } => ({ pk: `SESSION#${mintId}`, sk: 'STATE' });
const accessKey = (accessKeyId: string): { pk: string; sk: string } => ({ pk: `KEY#${accessKeyId}`, sk: 'STATE' });
const ofPerson = (personId: string): string => `SESSIONS#${personId}`;

/**
 * The audit keeps who minted what; the items are there for CloudTrail's events, the latest of which come within days.
 */
const keptSec = 90 * 86_400;

/** The part of a save's transaction that keeps the sessions it is about, each with what finds it. */
export const sessionItems = (table: Table, sessions: readonly Session[]): TransactItems =>
  sessions.flatMap((session) => {
    const ttl = Math.ceil(Date.parse(session.expiresBy) / 1000) + keptSec;
    const { mintId, personId, issued } = session;
    const items: Item[] = [{ ...mintKey(mintId), person: ofPerson(personId), sortKey: mintId, session, ttl }];
    if (issued) items.push({ ...accessKey(issued.accessKeyId), session, ttl });
    return items.map((item) => ({ Put: { TableName: table.name, Item: item } }));
  });

export const createSessionStore = (table: Table): SessionStore => ({
  byMintId: async (mintId) => {
    const item = await readItem(table, mintKey(mintId), `Session ${mintId}`);
    return item?.session as Session | undefined;
  },
  byAccessKeyId: async (accessKeyId) => {
    const item = await readItem(table, accessKey(accessKeyId), `The session of ${accessKeyId}`);
    return item?.session as Session | undefined;
  },
  ofPerson: async (personId, sinceMs) => {
    const pages = pagesOf(table, 'The sessions', {
      IndexName: 'byPerson',
      KeyConditionExpression: '#person = :person AND sortKey >= :since',
      ExpressionAttributeNames: { '#person': 'person' },
      // A mint's id is a ULID: it begins with its time.
      ExpressionAttributeValues: { ':person': ofPerson(personId), ':since': encodeTime(Math.max(0, sinceMs), 10) },
      ScanIndexForward: false,
    });
    const found: Session[] = [];
    for await (const page of pages) found.push(...page.map((item) => item.session as Session));
    return found;
  },
});
