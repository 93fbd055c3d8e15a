import { beforeEach, describe, expect, it } from 'vitest';
import { end } from './acts.ts';
import { bring, forgetReach, goOn } from './chain-acts.ts';
import { mustFinish } from './check.ts';
import type { Issued } from './cloud.ts';
import { catchUp, cleanSweep, flow, toEnd } from './flow.ts';
import { chainRoles } from './policy.ts';
import { grantAndMint, type Runner } from './races.ts';
import { createGround, freshWorld, type World } from './world.ts';

const ground = await createGround();
let world: World;
beforeEach(() => {
  world = freshWorld(ground);
});

const { second, third } = chainRoles;

/** AWS lets it. */
const onward = async (from: Issued | undefined, roleArn: string): Promise<Issued> => {
  const issued = from && (await goOn(world, from, roleArn));
  if (!issued) throw new Error(`The session could not go on to ${roleArn}.`);
  return issued;
};
/** Somebody's grant, with a session on each of the three roles. */
const goesAllTheWay = async (personId: string): Promise<Runner & { sessions: readonly Issued[] }> => {
  const runner = await grantAndMint(world, personId, 'orders-admin');
  const one = world.observed.issued.at(-1);
  const two = await onward(one, second);
  return { ...runner, sessions: [...(one ? [one] : []), two, await onward(two, third)] };
};
const works = (sessions: readonly Issued[]): boolean[] => sessions.map(world.cloud.works);
const ends = async ({ requestId, personId }: Runner): Promise<void> => {
  await toEnd(world, end(world, { requestId, personId, reason: 'done' }));
  await flow(world);
};
const status = ({ requestId }: Runner): string | undefined => world.memory.requests.get(requestId)?.status;
const alerts = (): string[] => [...world.memory.alerts.values()].map(({ detection }) => detection);

describe('case 60: a session that went on, two roles deep and into another account', () => {
  it('is dead on each role with its grant, and nobody else’s is, whatever order CloudTrail tells it in', async () => {
    const mine = await goesAllTheWay('alice');
    const other = await goesAllTheWay('carol');
    for (const record of world.trail.pending().toReversed()) {
      await toEnd(world, bring(world, record, {}, true));
      await toEnd(world, bring(world, record));
    }
    await ends(mine);
    expect([status(mine), status(other)]).toEqual(['ended', 'active']);
    expect(works(mine.sessions)).toEqual([false, false, false]);
    expect(works(other.sessions)).toEqual([true, true, true]);
    expect(alerts()).toEqual([]);
    await mustFinish(world);
  });

  it('is dead on each role with its grant where CloudTrail never tells of any step', async () => {
    const mine = await goesAllTheWay('alice');
    const other = await goesAllTheWay('carol');
    for (const session of mine.sessions) world.trail.lose(key(session));
    await ends(mine);
    expect([status(mine), status(other)]).toEqual(['ended', 'active']);
    expect(works(mine.sessions)).toEqual([false, false, false]);
    expect(works(other.sessions)).toEqual([true, true, true]);
    await mustFinish(world);
  });

  it('is dead as soon as its record has come where the grant had ended before, also on the last role alone, which the policy came to name since its mint', async () => {
    const mine = await goesAllTheWay('alice');
    forgetReach(world, mine.requestId);
    await ends(mine);
    expect(works(mine.sessions)).toEqual([false, true, true]);
    const last = world.trail.pending().findLast(({ accessKeyId }) => accessKeyId === key(mine.sessions[2]));
    if (!last) throw new Error('CloudTrail tells nothing.');
    await toEnd(world, bring(world, last));
    await flow(world);
    expect(works(mine.sessions)).toEqual([false, true, false]);
    await catchUp(world);
    expect(works(mine.sessions)).toEqual([false, false, false]);
    await mustFinish(world);
  });

  it('is dead with another one on the same role, where CloudTrail never tells of it; alone, on one that the policy came to name since its mint, it lives its hour', async () => {
    const mine = await goesAllTheWay('alice');
    forgetReach(world, mine.requestId);
    const untold = await onward(mine.sessions[0], second);
    for (const session of [untold, mine.sessions[2]]) world.trail.lose(key(session));
    await catchUp(world);
    await ends(mine);
    expect(works([...mine.sessions, untold])).toEqual([false, false, true, false]);
    world.clock.turn(3_600_000);
    await cleanSweep(world);
    expect(works(mine.sessions)).toEqual([false, false, false]);
    await mustFinish(world);
  });

  it('is dead after the sweep where its record was taken, the grant had ended, and nobody was told of it', async () => {
    const mine = await goesAllTheWay('alice');
    forgetReach(world, mine.requestId);
    await ends(mine);
    for (const record of world.trail.pending()) {
      await toEnd(world, bring(world, record, { 'outbox.publish': 'crash-before' }));
      world.trail.taken(record);
    }
    expect(works(mine.sessions)).toEqual([false, true, true]);
    await cleanSweep(world);
    expect(works(mine.sessions)).toEqual([false, false, false]);
    await mustFinish(world);
  });

  it('goes nowhere but where the policy says, and nowhere without a grant that lives', async () => {
    const mine = await goesAllTheWay('alice');
    const [one, two, three] = mine.sessions;
    await grantAndMint(world, 'bob', 'orders-read');
    const reader = world.observed.issued.at(-1);
    const attempts = [
      [one, third],
      [two, chainRoles.first],
      [three, second],
      [reader, second],
      [reader, third],
    ] as const;
    for (const [from, roleArn] of attempts) expect(from && (await goOn(world, from, roleArn))).toBeUndefined();
    await ends(mine);
    expect(one && (await goOn(world, one, second))).toBeUndefined();
    await mustFinish(world);
  });
});

const key = (session: Issued | undefined): string => session?.credentials.accessKeyId ?? '';
