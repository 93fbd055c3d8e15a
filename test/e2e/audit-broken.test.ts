import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alertNaming } from './intruder.ts';
import { ask } from './people.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

/** Everybody of the sample has had a turn of today by then. */
const sweeps = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) {
    await world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });
    await world.clock.turn(300_000);
  }
};
const told = (): number =>
  world.cards('C0SECURITY').filter((card) => JSON.stringify(card).includes('on record')).length;

it('what an administrator of the hub changes of a record is told, with the entry, and once', async () => {
  const { id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
  await sweeps();
  expect(told()).toBe(0);
  await world.profile('hub-admin').dynamoDb.send(
    new UpdateItemCommand({
      TableName: 'daypass',
      Key: { pk: { S: `REQUEST#${id}` }, sk: { S: 'AUDIT#00000001' } },
      UpdateExpression: 'SET entry.actor = :actor',
      ExpressionAttributeValues: { ':actor': { S: 'carol' } },
    }),
  );
  await sweeps();
  const alert = JSON.stringify(await alertNaming(world, 'on record'));
  expect(alert).toContain('entry 1 was changed: it now says request.submitted by carol');
  expect(alert).not.toContain('"Revoke"');
  await sweeps();
  await world.stack.idle();
  expect(told()).toBe(1);
});
