import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createPostings } from '#adapters/aws/postings.ts';
import { createReplyStore } from '#adapters/aws/reply-store.ts';
import { turnableClock } from '#local/clock.ts';
import { startTable } from '#test/kit/table.ts';
import { applyLedger } from '#usecases/revoke/apply-ledger.ts';

/*
 * DynamoDB refuses a write of an item that a transaction is at, whatever its condition:
 * docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 * The embedded one does one thing after the other, so that here it is made to answer so.
 */
let started: Awaited<ReturnType<typeof startTable>>;
/** The commands that are refused the next time. */
let refused: string[] = [];
const clock = turnableClock();

beforeAll(async () => {
  started = await startTable();
  started.table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const at = refused.indexOf(commandName);
        if (at < 0) return next(args);
        refused.splice(at, 1);
        const said = { $metadata: {}, message: 'A transaction is at it.' };
        throw commandName === 'TransactWriteItemsCommand'
          ? new TransactionCanceledException({ ...said, CancellationReasons: [{ Code: 'TransactionConflict' }] })
          : new TransactionConflictException(said);
      },
    { step: 'initialize', priority: 'low' },
  );
});
afterAll(() => started.stop());
beforeEach(() => {
  refused = [];
});

it('a revocation that two put before a role at the same moment is in force when either returns', async () => {
  let deny: string | undefined;
  const entry = {
    grantId: '01JD8Q00000000000000000001',
    revokedAt: new Date(clock.nowMs()).toISOString(),
    coversUntil: new Date(clock.nowMs() + 3_600_000).toISOString(),
  };
  refused = ['TransactWriteItemsCommand', 'PutItemCommand'];
  const applied = await applyLedger(
    { roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin', entry },
    {
      clock,
      pause: (ms) => clock.turn(ms),
      ledgers: createLedgerStore(started.table, clock),
      targetRoles: {
        readDeny: async () => deny,
        writeDeny: async (_, document) => {
          deny = document;
          return 'written';
        },
        look: async () => 'absent',
        otherPolicies: async () => 0,
      },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    },
  );
  expect(applied.outcome).toBe('in-force');
  expect(deny).toContain(entry.grantId);
  expect(refused).toEqual([]);
});

it('of a message that somebody else is about to show, nothing is shown by this one', async () => {
  const postings = createPostings(started.table, clock);
  refused = ['UpdateItemCommand'];
  expect(await postings.begin([{ subject: 'card:1', version: 1, as: 'first' }])).toBe(false);
  expect(await postings.begin([{ subject: 'card:1', version: 1, as: 'first' }])).toBe(true);
});

it('a Slack request whose answer is being kept is somebody else’s', async () => {
  const replies = createReplyStore(started.table, clock);
  expect(await replies.claim('v0=1', 30)).toEqual({ state: 'mine' });
  refused = ['PutItemCommand'];
  expect(await replies.claim('v0=1', 30)).toEqual({ state: 'busy' });
});
