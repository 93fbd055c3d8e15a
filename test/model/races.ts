import fc from 'fast-check';
import { type Plan, type Stage, settled } from './actor.ts';
import { ask, deleteDeny, end, mint, pressConsoleButton, revoke, sweep, vote } from './acts.ts';
import type { Bug } from './bugs/bug.ts';
import { mustFinish } from './check.ts';
import { index, person, pick, plan } from './commands/verb.ts';
import { flow, toEnd } from './flow.ts';
import { freshWorld, type Ground, type World } from './world.ts';

const roleOf = (entitlementId: string): string => `arn:aws:iam::222222222222:role/daypass-jit-${entitlementId}`;

/** A grant that is live when the race begins. */
export type Runner = { personId: string; requestId: string };

/** What the racers do, all at the same time. */
const verbs = [
  'end and revoke',
  'end while minting',
  'revoke again',
  'mint',
  'sweep',
  'button',
  'delete',
  'half a minute passes',
] as const;
type Act = { what: (typeof verbs)[number]; which: number; plan: Plan };

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant('end and revoke' as const) },
    { weight: 3, arbitrary: fc.constant('end while minting' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...verbs) },
  ),
  which: index,
  plan,
});

/** Who is next is what the scheduler says; an actor that is let go waits for nobody. */
export const staged = (scheduler: fc.Scheduler): Stage => ({
  pass: async (actor, label) => {
    if (!actor.free) await scheduler.schedule(Promise.resolve(), label);
  },
});

export const grant = async (world: World, personId: string, entitlementId: string): Promise<Runner> => {
  const asked = ask(world, { personId, entitlementId, durationSec: 3600 });
  const { requestId } = asked;
  await toEnd(world, asked.actor);
  await toEnd(world, vote(world, { requestId, personId: personId === 'bob' ? 'carol' : 'bob', verdict: 'approve' }));
  await flow(world);
  return { personId, requestId };
};

export const grantAndMint = async (world: World, personId: string, entitlementId: string): Promise<Runner> => {
  const runner = await grant(world, personId, entitlementId);
  await toEnd(world, mint(world, runner));
  return runner;
};

const begin = (
  world: World,
  scheduler: fc.Scheduler,
  roleArn: string,
  runner: Runner,
  { what, plan: faults }: Act,
): void => {
  const { requestId } = runner;
  switch (what) {
    case 'end while minting':
    case 'end and revoke': {
      if (what === 'end while minting') mint(world, runner, faults);
      const ending = end(world, { requestId, personId: runner.personId, reason: 'done' });
      void ending.ended.then(() => revoke(world, requestId, faults));
      return;
    }
    case 'revoke again':
      if (world.memory.requests.get(requestId)?.status === 'ending') revoke(world, requestId, faults);
      return;
    case 'mint':
      mint(world, runner, faults);
      return;
    case 'sweep':
      sweep(world, faults);
      return;
    case 'button':
      void scheduler.schedule(Promise.resolve(), 'the console button').then(() => pressConsoleButton(world, roleArn));
      return;
    case 'delete':
      void scheduler.schedule(Promise.resolve(), 'the deny is deleted').then(() => deleteDeny(world, roleArn));
      return;
    case 'half a minute passes':
      void scheduler.schedule(Promise.resolve(), 'half a minute passes').then(() => world.clock.turn(31_000));
  }
};

/** Whoever is the first at one of these calls hangs there until nobody else can go on. */
const stall = fc.constantFrom(
  'targetRoles.writeDeny',
  'targetRoles.writeDeny',
  'targetRoles.readDeny',
  'ledgers.save',
  'requests.save',
  'tokenService.assumeRole',
);

const stalling = (stage: Stage, calls: readonly string[]): { stage: Stage; next(): boolean } => {
  const open = [...calls];
  const hung: (() => void)[] = [];
  return {
    stage: {
      pass: async (actor, label) => {
        const found = open.findIndex((call) => label.endsWith(call));
        if (found >= 0) {
          open.splice(found, 1);
          await new Promise<void>((go) => void hung.push(go));
        }
        return stage.pass(actor, label);
      },
    },
    /** Lets the first of them go on. False where nobody hangs. */
    next: () => {
      const go = hung.shift();
      go?.();
      return go !== undefined;
    },
  };
};

/** Live grants on one role, and everybody who can be at them at once, in any order of their port calls. */
export const anyRace = (ground: Ground, bug?: Bug) =>
  fc.asyncProperty(
    fc.scheduler(),
    fc.array(fc.record({ personId: person, mints: fc.boolean() }), { minLength: 2, maxLength: 5 }),
    fc.array(act, { minLength: 3, maxLength: 7 }),
    fc.constantFrom('orders-admin', 'orders-read'),
    fc.array(stall, { maxLength: 2 }),
    async (scheduler, people, acts, entitlementId, stalls) => {
      let racing = false;
      const { stage, next } = stalling(staged(scheduler), stalls);
      const world = freshWorld(ground, {
        stage: { pass: async (actor, label) => (racing ? stage.pass(actor, label) : undefined) },
        ...(bug && { bug }),
      });
      const runners: Runner[] = [];
      for (const { personId, mints } of people) {
        runners.push(await (mints ? grantAndMint : grant)(world, personId, entitlementId));
      }
      racing = true;
      for (const each of acts) {
        const runner = pick(runners, each.which);
        // Where there is little room an administrator's statement may leave none for ours, which IAM refuses.
        const tight = entitlementId === 'orders-read' && (each.what === 'button' || each.what === 'delete');
        if (runner && !tight) begin(world, scheduler, roleOf(entitlementId), runner, each);
      }
      do {
        await settled();
        await scheduler.waitIdle();
      } while (next());
      racing = false;
      const violation = world.violation();
      if (violation) throw violation;
      await mustFinish(world);
    },
  );
