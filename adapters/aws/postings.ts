import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PostedMessage, Posting, Postings, Showing } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import { readItem } from './read-item.ts';
import { isBeaten, type Table, unavailable } from './table.ts';
import { type Update, updateAll } from './update-all.ts';

/** No request or alert lives as long; a message that is older is not updated any more. */
const keptForSec = 400 * 86_400;
/** Longer than one try to post takes. Who has not kept a message by then has died. */
const claimSec = 30;

const keyOf = (subject: string): { pk: string; sk: string } => ({ pk: `POSTING#${subject}`, sk: 'POSTING' });

const conditionOf: Readonly<Record<Showing['as'], string>> = {
  posted: 'attribute_exists(posted)',
  first: 'attribute_not_exists(posted) AND attribute_not_exists(claimedUntilMs)',
  again: 'attribute_not_exists(posted) AND claimedUntilMs <= :now',
  'not-wanted': 'attribute_not_exists(posted)',
};

/** Where messages are in Slack, on the one table. Throws `StoreUnavailable`. */
export const createPostings = (table: Table, clock: Clock): Postings => {
  const { client, name } = table;
  const ttl = (): number => Math.floor(clock.nowMs() / 1000) + keptForSec;
  const itemOf = (subject: string, rest: Record<string, unknown>): Record<string, unknown> => ({
    ...keyOf(subject),
    ttl: ttl(),
    ...rest,
  });
  /** Whether the conditional write was done. */
  const conditionally = async (subject: string, write: Promise<unknown>): Promise<boolean> =>
    write.then(
      () => true,
      (error: unknown) => (isBeaten(error) ? false : unavailable(`The posting ${subject}`)(error)),
    );
  const update = (subject: string, set: Record<string, unknown>, condition = '', values = {}): Update => ({
    TableName: name,
    Key: keyOf(subject),
    UpdateExpression: `SET #ttl = :ttl, ${Object.keys(set)
      .map((member) => `${member} = :${member}`)
      .join(', ')}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':ttl': ttl(),
      ...Object.fromEntries(Object.entries(set).map(([member, value]) => [`:${member}`, value])),
      ...values,
    },
  });
  const look = async (subject: string): Promise<Posting> => {
    const item = await readItem(table, keyOf(subject), `The posting ${subject}`);
    const { posted, claimedUntilMs, showing } = (item ?? {}) as Readonly<{
      posted?: PostedMessage;
      claimedUntilMs?: number;
      showing?: number;
    }>;
    return {
      ...(posted && { posted }),
      ...(!posted && claimedUntilMs !== undefined && { claimed: claimedUntilMs > clock.nowMs() ? 'now' : 'before' }),
      ...(showing !== undefined && { version: showing }),
    };
  };
  const keep = async (subject: string, posted: PostedMessage): Promise<void> => {
    const { ConditionExpression: _, ...keeping } = update(subject, { posted });
    await client.send(new UpdateCommand(keeping)).catch(unavailable(`The posting ${subject}`));
  };
  return {
    get: async (subject) => (await look(subject)).posted,
    look,
    begin: (showings) => {
      const nowMs = clock.nowMs();
      const claim = { claimedUntilMs: nowMs + claimSec * 1000 };
      const updates = showings.map(({ subject, version, as }) =>
        update(
          subject,
          { showing: version, ...((as === 'first' || as === 'again') && claim) },
          `(attribute_not_exists(showing) OR showing <= :showing) AND ${conditionOf[as]}`,
          as === 'again' ? { ':now': nowMs } : {},
        ),
      );
      return updateAll(table, updates, 'What Slack shows');
    },
    finish: async (shown) => {
      const fresh = shown.filter(({ posted }) => posted !== undefined);
      if (fresh.length === 0) {
        const now = await Promise.all(shown.map(({ subject }) => look(subject)));
        return shown.every(({ version }, index) => now[index]?.version === version);
      }
      const updates = shown.map(({ subject, version, posted }) =>
        update(subject, posted ? { posted, showing: version } : { showing: version }, 'showing = :showing'),
      );
      if (await updateAll(table, updates, 'What Slack shows')) return true;
      for (const { subject, posted } of fresh) if (posted) await keep(subject, posted);
      return false;
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
    keep,
    learn: async (subject, posted) => {
      if ((await look(subject)).posted) return;
      const learning = update(subject, { posted }, 'attribute_not_exists(posted)');
      await conditionally(subject, client.send(new UpdateCommand(learning)));
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
