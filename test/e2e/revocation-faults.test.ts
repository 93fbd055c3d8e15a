import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Requests } from '#cli/grant.ts';
import { requestTable } from '#cli/show.ts';
import type { RequestView } from '#core/api/views.ts';
import { until } from '#test/kit/until.ts';
import type { Credentials } from './actors.ts';
import { type Fault, startFrontOfIam } from './iam-in-front.ts';
import { grant, mint } from './people.ts';
import type { Message } from './slack-stand-in.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let front: Awaited<ReturnType<typeof startFrontOfIam>>;
beforeEach(async () => {
  world = await openWorld();
  front = await startFrontOfIam(world.awsUrl);
});
afterEach(async () => {
  await front.stop();
  await world.close();
});

const times = (count: number, fault: Fault): Fault[] => Array.from({ length: count }, () => fault);

type Ended = { alice: string; id: string; card: Message; credentials: Credentials };

/** Alice was done while IAM answers like this. */
const endWhileIam = async (...faults: Fault[]): Promise<Ended> => {
  const { id, card } = await grant(world, 'U0ALICE', 'orders-read 1h fixing INC-42');
  const alice = await world.login('U0ALICE');
  const credentials = await mint(world, alice, id);
  expect(await world.readOrder(credentials)).toBe('12345');
  front.faults.push(...faults);
  await world.command('U0ALICE', `done ${id}`);
  return { alice, id, card, credentials };
};

const view = async ({ alice, id }: Ended): Promise<RequestView> =>
  (await world.api<RequestView>(alice, 'GET', `/requests/${id}`)).body;

/** What `daypass list` prints. */
const listed = async ({ alice }: Ended): Promise<string> =>
  requestTable((await world.api<Requests>(alice, 'GET', '/requests')).body.mine, world.clock.nowMs()).join('\n');

/** The machine's pauses pass, those of the SDK between the writes of one attempt are real. */
const turnUntil = async (grant: Ended, writesPerAttempt: number, over: (now: RequestView) => boolean) =>
  until('the end or the failure', async () => {
    const now = await view(grant);
    if (over(now)) return now;
    if (front.counted.writes % writesPerAttempt === 0) await world.clock.turn(500);
    return undefined;
  });

/**
 * By the machine after its six attempts; then its execution has failed, and the sweeper has tried once because of that.
 */
const givenUp = ({ revocationFailure }: RequestView): boolean => revocationFailure?.attempts === 2;

/** What is visible of a revocation that was given up, and that the credentials live, which is why it is shown. */
const isVisiblyFailed = async (grant: Ended): Promise<void> => {
  expect(await view(grant)).toMatchObject({ status: 'ending', revocationFailure: { attempts: 2 } });
  expect(await listed(grant)).toMatch(/over; revocation failed since .*, still trying\..* Revoke sessions/);
  await until('the card to say so', () => grant.card.text.includes('Revocation failed, still trying'));
  expect(JSON.stringify(grant.card.blocks)).toContain('attach the deny to `daypass-jit-orders-read` by hand');
  expect(world.faults.join('\n')).toContain('A grant has ended and its sessions could not be revoked.');
};

const sweep = (): Promise<unknown> => world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });

const isDenied = async (grant: Ended): Promise<void> => {
  expect(await world.readOrder(grant.credentials)).toBe('AccessDeniedException');
  expect(await view(grant)).toMatchObject({ status: 'ended', how: 'denied' });
  expect(await listed(grant)).toMatch(/ended .*, sessions denied on the role, verified/);
  await until('the card to say so', () => /Ended/.test(grant.card.text));
};

describe('case 51: a revocation while IAM', () => {
  it.each([
    // The SDK asks three times in all before an attempt of the machine has failed.
    { count: 2, writes: 3 },
    { count: 17, writes: 18 },
  ])('throttles $count times holds after $writes writes, without anybody’s help', async ({ count, writes }) => {
    const ended = await endWhileIam(...times(count, 'throttled'));
    await turnUntil(ended, 3, ({ status }) => status === 'ended');
    await isDenied(ended);
    expect(front.counted.writes).toBe(writes);
  });

  it.each<{ fault: Fault; perAttempt: number }>([
    { fault: 'throttled', perAttempt: 3 },
    { fault: 'failing', perAttempt: 3 },
    // Refusals that asking again does not change are not asked again by the SDK.
    { fault: 'denied', perAttempt: 1 },
    // LimitExceeded counts as throttling to the SDK. The room that the other policies leave is measured then, and is
    // enough.
    { fault: 'full', perAttempt: 3 },
  ])(
    'goes on to be $fault is visibly failed after six attempts of $perAttempt writes and one by the rule on failed executions; one sweep finishes it when IAM recovers',
    async ({ fault, perAttempt }) => {
      const ended = await endWhileIam(...times(100, fault));
      await turnUntil(ended, perAttempt, givenUp);
      expect(front.counted.writes).toBe(7 * perAttempt);
      await isVisiblyFailed(ended);
      expect(await world.readOrder(ended.credentials)).toBe('12345');
      front.faults.length = 0;
      await sweep();
      await isDenied(ended);
    },
  );

  it('breaks off after it has written is asked again, and that is verified by reading', async () => {
    const ended = await endWhileIam('cut');
    await turnUntil(ended, 3, ({ status }) => status === 'ended');
    await isDenied(ended);
    expect(front.counted.writes).toBe(2);
  });

  it('breaks off after each write of an attempt holds: the next attempt reads it and writes nothing', async () => {
    const ended = await endWhileIam(...times(3, 'cut'));
    await turnUntil(ended, 3, ({ status }) => status === 'ended');
    await isDenied(ended);
    expect(front.counted.writes).toBe(3);
  });

  it('says that the role is gone has ended, says that this is how, and one sweep denies it on a role that is there again', async () => {
    const ended = await endWhileIam('gone');
    await turnUntil(ended, 1, ({ status }) => status === 'ended');
    expect(front.counted.writes).toBe(1);
    expect(await view(ended)).toMatchObject({ status: 'ended', how: 'role-gone' });
    expect(await listed(ended)).toMatch(/ended .*, the role is gone, verified/);
    await sweep();
    expect(await world.readOrder(ended.credentials)).toBe('AccessDeniedException');
    expect(world.cards('C0SECURITY')).toEqual([]);
  });
});

describe('case 64: a revocation that failed six times', () => {
  it('is tried at every sweep, shows since when and how often, and is over at the first sweep that IAM answers', async () => {
    const ended = await endWhileIam(...times(100, 'denied'));
    const failed = await turnUntil(ended, 1, givenUp);
    await isVisiblyFailed(ended);
    await sweep();
    expect((await view(ended)).revocationFailure).toMatchObject({
      since: failed.revocationFailure?.since,
      attempts: 3,
      error: expect.stringContaining('AccessDenied'),
    });
    expect(await world.readOrder(ended.credentials)).toBe('12345');
    front.faults.length = 0;
    await sweep();
    await isDenied(ended);
  });
});
