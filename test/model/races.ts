import fc from 'fast-check';
import { type Plan, type Stage, settled } from './actor.ts';
import { ask, deleteDeny, deliver, end, mint, pressConsoleButton, revoke, sweep, vote } from './acts.ts';
import type { Bug } from './bugs/bug.ts';
import { bring, goOn, nextRole } from './chain-acts.ts';
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
  'go onward',
  'a record comes',
  'a record comes',
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

/** The newest session of the grant goes on, where the policy lets it. */
const goesOnward = async (world: World, requestId: string): Promise<void> => {
  const { issued, chained } = world.observed;
  const from = chained.findLast(({ grantId, roleArn }) => grantId === requestId && nextRole(roleArn) !== undefined);
  const holder = from ?? issued.findLast(({ grantId }) => grantId === requestId);
  const roleArn = holder && nextRole(holder.roleArn);
  if (holder && roleArn !== undefined) await goOn(world, holder, roleArn);
};

/** One of CloudTrail's records, and what follows from it at once. */
const comes = (world: World, which: number, faults: Plan): void => {
  const record = pick(world.trail.pending(), which);
  if (!record) return;
  const actor = bring(world, record, faults);
  void actor.ended.then(() => {
    const followed = world.bus.pending().find((each) => 'chainOf' in each);
    if (followed) deliver(world, followed);
  });
};

const begin = (
  world: World,
  scheduler: fc.Scheduler,
  roleArn: string,
  runner: Runner,
  { what, which, plan: faults }: Act,
): void => {
  const { requestId } = runner;
  const soon = (label: string, run: () => unknown): void => void scheduler.schedule(Promise.resolve(), label).then(run);
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
      soon('the console button', () => pressConsoleButton(world, roleArn));
      return;
    case 'delete':
      soon('the deny is deleted', () => deleteDeny(world, roleArn));
      return;
    case 'half a minute passes':
      soon(what, () => world.clock.turn(31_000));
      return;
    case 'go onward':
      soon(what, () => goesOnward(world, requestId));
      return;
    case 'a record comes':
      soon(what, () => comes(world, which, faults));
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
    fc.array(fc.record({ personId: person, mints: fc.boolean(), steps: fc.nat(2) }), { minLength: 2, maxLength: 5 }),
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
      for (const { personId, mints, steps } of people) {
        const runner = await (mints ? grantAndMint : grant)(world, personId, entitlementId);
        runners.push(runner);
        for (let step = 0; mints && step < steps; step++) await goesOnward(world, runner.requestId);
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
