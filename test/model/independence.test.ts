import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { end, mint, revoke, sweep } from './acts.ts';
import { parametersFor } from './check.ts';
import { plan } from './commands/verb.ts';
import { grantAndMint, staged } from './races.ts';
import { createGround, freshWorld, type Ground, type World } from './world.ts';

/** All that is done to the grant that ends, and what the other one does meanwhile. */
const schedule = fc.record({
  scheduler: fc.scheduler(),
  plans: fc.array(plan, { minLength: 3, maxLength: 3 }),
  otherMints: fc.nat(2),
  sweeps: fc.nat(1),
});

/** What of the other's credentials does not work. */
const deadOf = (world: World, grantId: string): string[] =>
  world.observed.issued
    .filter((issued) => issued.grantId === grantId && !world.cloud.works(issued))
    .map(({ caller }) => caller.userId);

const independent = (ground: Ground, [one, other]: readonly [string, string]) =>
  fc.asyncProperty(schedule, async ({ scheduler, plans, otherMints, sweeps }) => {
    let racing = false;
    const dead: string[] = [];
    const stage = staged(scheduler);
    const world = freshWorld(ground, {
      stage: {
        pass: async (actor, label) => {
          if (racing) await stage.pass(actor, label);
          if (racing) dead.push(...deadOf(world, bystander.requestId));
        },
      },
    });
    const ending = await grantAndMint(world, one, 'orders-admin');
    const bystander = await grantAndMint(world, other, 'orders-admin');
    racing = true;
    const [first = {}, second = {}, third = {}] = plans;
    const done = end(world, { requestId: ending.requestId, personId: one, reason: 'done' }, first);
    const revocations = done.ended.then(() => {
      if (world.memory.requests.get(ending.requestId)?.status !== 'ending') return;
      revoke(world, ending.requestId, second);
      revoke(world, ending.requestId, third);
    });
    mint(world, ending, third);
    for (let count = 0; count < otherMints; count++) mint(world, bystander);
    for (let count = 0; count < sweeps; count++) sweep(world);
    await scheduler.waitIdle();
    await revocations;
    await scheduler.waitIdle();
    const violation = world.violation();
    if (violation) throw violation;
    const alive = world.observed.issued.filter(({ grantId }) => grantId === bystander.requestId);
    expect(alive.length).toBe(1 + otherMints);
    expect([...dead, ...deadOf(world, bystander.requestId)]).toEqual([]);
  });

/** `MODEL_RUNS` says how many instead. */
const usual = 100;

describe('ending one of two grants on one role never affects the other’s live credentials', async () => {
  const ground = await createGround();

  it(
    'case 54: of one person',
    () => fc.assert(independent(ground, ['alice', 'alice']), parametersFor(usual)),
    3_600_000,
  );

  it('case 55: of two people', () => fc.assert(independent(ground, ['alice', 'bob']), parametersFor(usual)), 3_600_000);
});
