import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { roleNotAsOnboarded } from '#core/detection/role-not-as-onboarded.ts';
import { alertNaming } from './intruder.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

const sweep = (): Promise<unknown> => world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });

const told = (): number =>
  world.cards('C0SECURITY').filter((card) => JSON.stringify(card).includes(roleNotAsOnboarded.id)).length;

it('a role that was given more is told statement by statement, and once', async () => {
  // Each role is looked at within the hour; afterwards it is this one's turn.
  for (let turn = 0; turn < 12; turn++) {
    await sweep();
    await world.clock.turn(300_000);
  }
  expect(told()).toBe(0);
  const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
  const { iam } = world.profile('production-admin');
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'daypass-jit-orders-admin', PolicyName: 'permissions', PolicyDocument }),
  );
  await sweep();
  const alert = JSON.stringify(await alertNaming(world, 'is not as onboarded'));
  expect(alert).toContain('the inline policy permissions has gained');
  expect(alert).not.toContain('"Revoke"');
  await sweep();
  await world.stack.idle();
  expect(told()).toBe(1);
});
