import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Login } from '#core/login/login.ts';
import type { LoginStore } from '#ports/login-store.ts';
import { countItems, limitReachedOr } from './count-items.ts';
import { makeRoom } from './pending-logins.ts';
import { readItem } from './read-item.ts';
import { conflictOrUnavailable, pagesOf, storedVersion, type Table, unavailable } from './table.ts';

/** Items outlive what they stand for by this, so that an old code is still told from one that never was. */
const keptForSec = 24 * 3600;

const ttlOf = (login: Login): number => {
  const endsAt = login.status === 'active' ? login.tokenExpiresAt : login.codeExpiresAt;
  return Math.floor(Date.parse(endsAt) / 1000) + keptForSec;
};

type Key = { pk: string; sk: string };

const loginKey = (id: string): Key => ({ pk: `LOGIN#${id}`, sk: 'LOGIN' });
const pollKey = (id: string): Key => ({ pk: `LOGIN#${id}`, sk: 'POLL' });
const lookupKey = (pk: string): Key => ({ pk, sk: 'LOOKUP' });

/** Beside the login itself, written with its confirmation: an index would know of it only later. */
const personKey = (personId: string): string => `LOGIN#OF#${personId}`;

const firstLookups = (login: Login): string[] => [`DEVICE#${login.deviceCodeHash}`, `USERCODE#${login.userCode}`];

/** What this version makes findable: the codes from the first on, the token from the moment there is one. */
const lookups = (login: Login): string[] => {
  if (login.version === 1) return firstLookups(login);
  return login.status === 'active' ? [`TOKEN#${login.tokenHash}`] : [];
};

/** Logins on the one table. `ttl` only tidies up: what has expired is decided by the clock. */
export const createLoginStore = (table: Table): LoginStore => {
  const put = (item: Key & Record<string, unknown>, stored: number) => ({
    Put: { TableName: table.name, Item: item, ...storedVersion(stored) },
  });
  const read = async (key: Key): Promise<Record<string, unknown> | undefined> => {
    const Item = await readItem(table, key, 'The login');
    return Item;
  };
  const get = async (id: string): Promise<Login | undefined> => (await read(loginKey(id)))?.login as Login | undefined;
  const find = async (lookup: string): Promise<Login | undefined> => {
    const pointer = await read(lookupKey(lookup));
    return pointer && get(String(pointer.loginId));
  };
  return {
    save: async (login, counts = []) => {
      const { id, version } = login;
      const ttl = ttlOf(login);
      const TransactItems = [
        put({ ...loginKey(id), version, login, ttl }, version - 1),
        ...lookups(login).map((lookup) => put({ ...lookupKey(lookup), loginId: id, ttl }, 0)),
        ...(login.status === 'confirmed' ? [put({ pk: personKey(login.personId), sk: id, ttl }, 0)] : []),
        ...countItems(table, counts),
      ];
      await table.client
        .send(new TransactWriteCommand({ TransactItems }))
        .catch(limitReachedOr(counts, conflictOrUnavailable(`Login ${id}`)));
    },
    keepPending: (login, most) =>
      makeRoom(table, most, ttlOf(login), [
        loginKey(login.id),
        pollKey(login.id),
        ...firstLookups(login).map((lookup) => lookupKey(lookup)),
      ]),
    get,
    byDeviceCodeHash: (hash) => find(`DEVICE#${hash}`),
    byUserCode: (userCode) => find(`USERCODE#${userCode}`),
    byTokenHash: (hash) => find(`TOKEN#${hash}`),
    confirmedBy: async (personId) => {
      const ids: string[] = [];
      const pages = pagesOf(table, 'The logins of a person', {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': personKey(personId) },
        ConsistentRead: true,
      });
      for await (const page of pages) ids.push(...page.map(({ sk }) => String(sk)));
      return ids;
    },
    notePoll: async (loginId, at) => {
      const note = new UpdateCommand({
        TableName: table.name,
        Key: pollKey(loginId),
        UpdateExpression: 'SET polledAt = :at, #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':at': at, ':ttl': Math.floor(Date.parse(at) / 1000) + keptForSec },
        ReturnValues: 'UPDATED_OLD',
      });
      const { Attributes } = await table.client.send(note).catch(unavailable('The login'));
      return Attributes?.polledAt as string | undefined;
    },
  };
};
