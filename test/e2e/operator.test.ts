import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { ask, ended, grant, mint } from './people.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

const stopExecution = (id: string): Promise<unknown> =>
  world.profile('hub-admin').stepFunctions.send(
    new StopExecutionCommand({
      executionArn: `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`,
      cause: 'an operator tidies up',
    }),
  );

describe('an execution that an operator stops', () => {
  it('in the middle of a grant ends the grant, and its sessions are dead', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    await stopExecution(id);
    await ended(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    await until('the card to say so', () => /Ended/.test(card.text));
  });

  it('while a request waits leaves a card whose approval gives nothing away and ends cleanly', async () => {
    const { id, card } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await world.stack.idle();
    await stopExecution(id);
    await world.stack.idle();
    await world.click('U0BOB', card, 'Approve');
    await world.stack.idle();
    await world.clock.turn(10 * 60_000);
    await until('the card to be closed', () => /Refused/i.test(card.text));
    const alice = await world.login('U0ALICE');
    expect((await world.api(alice, 'POST', `/requests/${id}/credentials`)).status).toBe(409);
  });
});
