import fc from 'fast-check';
import { type Actor, faults, type Plan, settled } from '../actor.ts';
import { toEnd } from '../flow.ts';
import type { World } from '../world.ts';

/**
 * One kind of thing that can happen next. To add a command to the model, add a file with one and list it in
 * `registry.ts`.
 */
export type Verb<A> = {
  name: string;
  /** How many shares of the mix it has. */
  often: number;
  args: fc.Arbitrary<A>;
  run(world: World, args: A): Promise<unknown>;
};

/** Types the arguments. */
export const verb = <A>(of: Verb<A>): Verb<A> => of;

/** How far an actor goes before somebody else is next: to its end, or so many port calls. */
export type Pace = 'to its end' | number;
export const pace: fc.Arbitrary<Pace> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('to its end' as const) },
  { weight: 1, arbitrary: fc.nat(14) },
);

/** The calls at which what went wrong matters most. */
const delicate = [
  'requests.save',
  'outbox.publish',
  'tokenService.assumeRole',
  'ledgers.save',
  'ledgers.record',
  'chains.ofGrant',
  'chains.save',
  'lockdowns.save',
  'ledgers.release',
  'targetRoles.readDeny',
  'targetRoles.writeDeny',
] as const;

const call: fc.Arbitrary<number | string> = fc.oneof(
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 18 }),
  fc.constantFrom(...delicate),
);

/**
 * Mostly nothing goes wrong; otherwise one port call meets one fault; often enough the write that counts never takes
 * place.
 */
export const plan: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant<Plan>({ 'targetRoles.writeDeny': 'ignored' }) },
  {
    weight: 4,
    arbitrary: fc.tuple(call, fc.constantFrom(...faults)).map(([at, fault]): Plan => ({ [at]: fault })),
  },
);

export const advance = async (world: World, actor: Actor, far: Pace): Promise<void> => {
  if (far === 'to its end') return toEnd(world, actor);
  await settled();
  for (let count = 0; count < far; count++) {
    const next = world.lot.parked().find((each) => each.actor === actor);
    if (!next) return;
    await world.lot.step(next);
  }
};

/** One of several, whatever their number. */
export const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)];

export const person = fc.constantFrom('alice', 'bob', 'carol');
export const index = fc.nat(7);
