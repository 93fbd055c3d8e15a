import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '#ports/clock.ts';
import type { Gate, GateWait, TaskTokens } from '#ports/workflows.ts';
import { readItem } from './read-item.ts';
import { type Item, type Table, unavailable } from './table.ts';

const keyOf = (executionName: string, gate: Gate): { pk: string; sk: string } => ({
  pk: `EXECUTION#${executionName}`,
  sk: `GATE#${gate}`,
});

/** Executions live a year at most; a token is of no use after that. */
const keptForSec = 366 * 86_400;

const what = (executionName: string, gate: Gate): string => `The gate ${gate} of ${executionName}`;

const waitIn = ({ taskToken, until }: Item): GateWait | undefined =>
  typeof taskToken === 'string' ? { taskToken, ...(typeof until === 'string' && { until }) } : undefined;

export const createTaskTokens = (table: Table, clock: Clock): TaskTokens => {
  /** The item as it is afterwards: of a wait and somebody who comes for it, whoever is second sees the other. */
  const update = async (
    executionName: string,
    gate: Gate,
    expression: string,
    values: Record<string, unknown>,
  ): Promise<Item> => {
    const ttl = Math.floor(clock.nowMs() / 1000) + keptForSec;
    const { Attributes = {} } = await table.client
      .send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(executionName, gate),
          UpdateExpression: `SET #ttl = :ttl, ${expression}`,
          ExpressionAttributeNames: { '#ttl': 'ttl', ...(expression.includes('#until') && { '#until': 'until' }) },
          ExpressionAttributeValues: { ':ttl': ttl, ...values },
          ReturnValues: 'ALL_NEW',
        }),
      )
      .catch(unavailable(what(executionName, gate)));
    return Attributes;
  };
  return {
    keep: async (executionName, gate, { taskToken, until }) => {
      const now = await (until === undefined
        ? update(executionName, gate, 'taskToken = :token REMOVE #until', { ':token': taskToken })
        : update(executionName, gate, 'taskToken = :token, #until = :until', { ':token': taskToken, ':until': until }));
      return now.cameTooEarly === true;
    },
    find: async (executionName, gate) =>
      waitIn((await readItem(table, keyOf(executionName, gate), what(executionName, gate))) ?? {}),
    cameTooEarly: async (executionName, gate) =>
      waitIn(await update(executionName, gate, 'cameTooEarly = :true', { ':true': true })),
  };
};
