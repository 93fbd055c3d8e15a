import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SeenRole } from '#core/role-shape.ts';
import type { SeenRoles } from '#ports/seen-roles.ts';
import { readItem } from './read-item.ts';
import { type Table, unavailable } from './table.ts';

const keyOf = (roleArn: string): { pk: string; sk: string } => ({ pk: `ROLE#${roleArn}`, sk: 'SEEN' });

/** One item for each role. The sweeper alone writes them. */
export const createSeenRoles = (table: Table): SeenRoles => ({
  get: async (roleArn) => {
    const item = await readItem(table, keyOf(roleArn), `How ${roleArn} was seen last`);
    return (item?.seen as SeenRole | undefined) ?? {};
  },
  put: async (roleArn, seen) => {
    await table.client
      .send(new PutCommand({ TableName: table.name, Item: { ...keyOf(roleArn), seen } }))
      .catch(unavailable(`How ${roleArn} is`));
  },
});
