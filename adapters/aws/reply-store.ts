import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '#ports/clock.ts';
import type { Reply, ReplyStore } from '#ports/reply-store.ts';
import { expectClosing, putAndClose } from './closing-writes.ts';
import { readItem } from './read-item.ts';
import { isBeaten, type Table, unavailable } from './table.ts';

/** A signature is good for five minutes before and after its timestamp; what it was answered is kept for longer. */
const keptForSec = 3600;

const what = 'What was answered to a Slack request';
const keyOf = (key: string): { pk: string; sk: string } => ({ pk: `REPLY#${key}`, sk: 'REPLY' });

/** Answers to signed Slack requests on the one table. Throws `StoreUnavailable`. */
export const createReplyStore = (table: Table, clock: Clock): ReplyStore => {
  const { client, name } = table;
  const itemOf = (key: string, rest: Record<string, unknown>): Record<string, unknown> => ({
    ...keyOf(key),
    ttl: Math.floor(clock.nowMs() / 1000) + keptForSec,
    ...rest,
  });
  return {
    claim: async (key, claimSec) => {
      const nowMs = clock.nowMs();
      try {
        await client.send(
          new PutCommand({
            TableName: name,
            Item: itemOf(key, { claimedUntilMs: nowMs + claimSec * 1000 }),
            ConditionExpression: 'attribute_not_exists(pk) OR (attribute_not_exists(reply) AND claimedUntilMs <= :now)',
            ExpressionAttributeValues: { ':now': nowMs },
          }),
        );
        expectClosing(table, key, nowMs + claimSec * 1000);
        return { state: 'mine' };
      } catch (error) {
        if (!isBeaten(error)) return unavailable(what)(error);
      }
      const Item = await readItem(table, keyOf(key), what);
      return Item?.reply ? { state: 'answered', reply: Item.reply as Reply } : { state: 'busy' };
    },
    keep: async (key, reply) => {
      await putAndClose(table, key, itemOf(key, { reply })).catch(unavailable(what));
    },
  };
};
