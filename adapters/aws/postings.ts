import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PostedMessage, Postings } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import { readItem } from './read-item.ts';
import { type Table, unavailable } from './table.ts';

/** No request or alert lives as long; a message that is older is not updated any more. */
const keptForSec = 400 * 86_400;
/** Longer than one try to post takes. Who has not kept a message by then has died. */
const claimSec = 30;

const keyOf = (subject: string): { pk: string; sk: string } => ({ pk: `POSTING#${subject}`, sk: 'POSTING' });

/** Where messages are in Slack, on the one table. Throws `StoreUnavailable`. */
export const createPostings = (table: Table, clock: Clock): Postings => {
  const { client, name } = table;
  const itemOf = (subject: string, rest: Record<string, unknown>): Record<string, unknown> => ({
    ...keyOf(subject),
    ttl: Math.floor(clock.nowMs() / 1000) + keptForSec,
    ...rest,
  });
  /** Whether the conditional write was done. */
  const conditionally = async (subject: string, write: Promise<unknown>): Promise<boolean> =>
    write.then(
      () => true,
      (error: unknown) =>
        error instanceof ConditionalCheckFailedException ? false : unavailable(`The posting ${subject}`)(error),
    );
  return {
    get: async (subject) => {
      const Item = await readItem(table, keyOf(subject), `The posting ${subject}`);
      return Item?.posted as PostedMessage | undefined;
    },
    claim: async (subject) => {
      const nowMs = clock.nowMs();
      const claimedUntilMs = nowMs + claimSec * 1000;
      const first = new PutCommand({
        TableName: name,
        Item: itemOf(subject, { claimedUntilMs }),
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      if (await conditionally(subject, client.send(first))) return 'first';
      const again = new UpdateCommand({
        TableName: name,
        Key: keyOf(subject),
        UpdateExpression: 'SET claimedUntilMs = :until',
        ConditionExpression: 'attribute_not_exists(posted) AND claimedUntilMs <= :now',
        ExpressionAttributeValues: { ':until': claimedUntilMs, ':now': nowMs },
      });
      return (await conditionally(subject, client.send(again))) ? 'again' : 'busy';
    },
    keep: async (subject, posted) => {
      await client
        .send(new PutCommand({ TableName: name, Item: itemOf(subject, { posted }) }))
        .catch(unavailable(`The posting ${subject}`));
    },
    learn: async (subject, posted) => {
      const command = new PutCommand({
        TableName: name,
        Item: itemOf(subject, { posted }),
        ConditionExpression: 'attribute_not_exists(posted)',
      });
      await conditionally(subject, client.send(command));
    },
    giveUp: async (subject) => {
      const command = new UpdateCommand({
        TableName: name,
        Key: keyOf(subject),
        UpdateExpression: 'SET claimedUntilMs = :never',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(posted)',
        ExpressionAttributeValues: { ':never': 0 },
      });
      await conditionally(subject, client.send(command));
    },
  };
};
