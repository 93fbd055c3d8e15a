import fc from 'fast-check';
import { deliver, sweep, task } from '../acts.ts';
import { cleanSweep, flow, toEnd } from '../flow.ts';
import { chainRoles } from '../policy.ts';
import { advance, index, pace, pick, plan, verb } from './verb.ts';

/** All that is due happens: every event is brought, every execution goes as far as it can. */
export const flows = verb({ name: 'flow', often: 3, args: fc.constant({}), run: (world) => flow(world) });

/** One event of those that wait, whichever, and perhaps it is brought again later. */
export const delivers = verb({
  name: 'deliver',
  often: 3,
  args: fc.record({ which: index, again: fc.boolean(), plan, pace }),
  run: async (world, { which, again, ...how }) => {
    const delivery = pick(world.bus.pending(), which);
    if (delivery) await advance(world, deliver(world, delivery, how.plan, again), how.pace);
  },
});

export const executes = verb({
  name: 'execute',
  often: 3,
  args: fc.record({ which: index, plan, pace }),
  run: async (world, { which, ...how }) => {
    await world.executions.quiet();
    const next = pick(world.executions.due(), which);
    if (next) await advance(world, task(world, next, how.plan), how.pace);
  },
});

export const sweeps = verb({
  name: 'sweep',
  often: 3,
  args: fc.record({ plan, pace }),
  run: async (world, how) => {
    const clean = Object.keys(how.plan).length === 0 && how.pace === 'to its end';
    await (clean ? cleanSweep(world) : advance(world, sweep(world, how.plan), how.pace));
  },
});

/** An operator stops an execution. */
export const stops = verb({
  name: 'stop execution',
  often: 1,
  args: fc.record({ which: index }),
  run: async (world, { which }) => {
    const execution = pick(world.executions.all(), which);
    if (execution) world.executions.stop(execution.name);
  },
});

/** Somebody who waits at a port call goes on. */
export const goesOn = verb({
  name: 'go on',
  often: 4,
  args: fc.record({ which: index, pace }),
  run: async (world, { which, pace: far }) => {
    const waiting = [...new Set(world.lot.parked().map(({ actor }) => actor))];
    const actor = pick(waiting, which);
    if (actor) await advance(world, actor, far);
  },
});

/** The process is gone, between two port calls. */
export const dies = verb({
  name: 'die',
  often: 1,
  args: fc.record({ which: index }),
  run: async (world, { which }) => {
    const found = pick(world.lot.parked(), which);
    if (found) world.lot.kill(found.actor);
  },
});

export const turns = verb({
  name: 'turn the clock',
  often: 3,
  args: fc.record({ sec: fc.constantFrom(1, 5, 20, 29, 31, 61, 61, 300, 900, 3600, 7200) }),
  run: async (world, { sec }) => {
    world.clock.turn(sec * 1000);
    // Lambda ends whatever is past its time.
    for (const { actor } of world.lot.parked()) {
      if (world.clock.nowMs() >= actor.deadlineMs) world.lot.kill(actor);
    }
    await Promise.resolve();
  },
});

/** IAM, STS, Step Functions or the table answer nobody, until they do again. */
export const breaks = verb({
  name: 'out of order',
  often: 1,
  args: fc.record({
    port: fc.constantFrom('targetRoles', chainRoles.first, chainRoles.second, 'tokenService', 'workflows', 'ledgers'),
    on: fc.boolean(),
  }),
  run: async (world, { port, on }) => {
    if (on) world.outOfOrder.add(port);
    else world.outOfOrder.clear();
  },
});

/** It lasts until the workflows have given up. */
export const outages = verb({
  name: 'outage',
  often: 3,
  args: fc.record({
    port: fc.constantFrom('targetRoles', 'targetRoles', 'ledgers', chainRoles.second),
  }),
  run: async (world, { port }) => {
    world.outOfOrder.add(port);
    await flow(world);
    world.outOfOrder.clear();
  },
});

/** Lambdas that wait have all the time that they need. */
export const finishes = verb({
  name: 'finish',
  often: 1,
  args: fc.constant({}),
  run: async (world) => {
    for (let [next] = world.lot.parked(); next; [next] = world.lot.parked()) await toEnd(world, next.actor);
  },
});
