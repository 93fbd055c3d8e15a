import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '#ports/clock.ts';
import type { Gate, TaskTokens } from '#ports/workflows.ts';
import { readItem } from './read-item.ts';
import { type Table, unavailable } from './table.ts';

const keyOf = (executionName: string, gate: Gate): { pk: string; sk: string } => ({
  pk: `EXECUTION#${executionName}`,
  sk: `GATE#${gate}`,
});

/** Executions live a year at most; a token is of no use after that. */
const keptForSec = 366 * 86_400;

export const createTaskTokens = (table: Table, clock: Clock): TaskTokens => ({
  keep: async (executionName, gate, wait) => {
    const ttl = Math.floor(clock.nowMs() / 1000) + keptForSec;
    await table.client
      .send(new PutCommand({ TableName: table.name, Item: { ...keyOf(executionName, gate), ...wait, ttl } }))
      .catch(unavailable(`The gate ${gate} of ${executionName}`));
  },
  find: async (executionName, gate) => {
    const Item = await readItem(table, keyOf(executionName, gate), `The gate ${gate} of ${executionName}`);
    if (typeof Item?.taskToken !== 'string') return undefined;
    const { taskToken, until } = Item;
    return { taskToken, ...(typeof until === 'string' && { until }) };
  },
});
