import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, temporaryHome } from '#test/cli/cli.ts';
import { saveLogin } from '#test/cli/samples.ts';
import { until } from '#test/kit/until.ts';
import { approveExtension, endOf, extend, failuresIn, historyOf, statesIn, viewOf } from './extensions.ts';
import { forbid } from './out-of-order.ts';
import { ended, grant, mint } from './people.ts';
import { openWorld, type World } from './world.ts';

const minuteMs = 60_000;
const twice = ['ActivateGrant', 'AwaitEnd', 'ActivateGrant', 'AwaitEnd'];

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

/** The machine has heard of it, and waits for the new end. */
const waitsAnew = (id: string, times = 2): Promise<boolean> =>
  until('a wait for the new end', async () => {
    const events = await historyOf(world, id);
    return statesIn(events).filter((name) => name === 'AwaitEnd').length === times && isWaiting(events);
  });
const isWaiting = (events: Awaited<ReturnType<typeof historyOf>>): boolean => events.at(-1)?.type === 'TaskSubmitted';

/** The grant is known to have ended a moment before its execution has. */
const untilSucceeded = async (id: string): Promise<void> => {
  await until('the execution to end', async () => (await historyOf(world, id)).at(-1)?.type === 'ExecutionSucceeded');
};

const isDead = async (credentials: Awaited<ReturnType<typeof mint>>): Promise<boolean> =>
  /^(AccessDenied|ExpiredToken)Exception$/.test(await world.readOrder(credentials));

describe('a grant that is extended', () => {
  it('goes on past its first end and ends by itself at the new one; each credential ends when it was to end', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-read 20m looking at INC-42');
    const alice = await world.login('U0ALICE');
    const firstEnd = await endOf(world, alice, id);
    const before = await mint(world, alice, id);
    await extend(world, alice, id, '15m');
    expect(await endOf(world, alice, id)).toBe(firstEnd + 15 * minuteMs);
    await waitsAnew(id);
    const after = await mint(world, alice, id);

    await world.clock.turn(20 * minuteMs + 1000);
    expect(await isDead(before)).toBe(true);
    expect(await world.readOrder(after)).toBe('12345');
    expect((await viewOf(world, alice, id)).status).toBe('active');

    await world.clock.turn(15 * minuteMs);
    await ended(world, alice, id);
    expect(await isDead(after)).toBe(true);
    await untilSucceeded(id);
    const events = await historyOf(world, id);
    expect(statesIn(events)).toEqual(['NeedsApproval', ...twice, 'RevokeSessions']);
    expect(failuresIn(events)).toEqual(['GrantExtended']);
    const { end } = await viewOf(world, alice, id);
    expect(end).toEqual({ reason: 'expired', at: expect.stringMatching(/Z$/) });
    expect(Date.parse(end?.at ?? '')).toBeGreaterThanOrEqual(firstEnd + 15 * minuteMs);
  });

  it('needs approval where the grant did: until then the end stands, and every further time is two states', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const firstEnd = await endOf(world, alice, id);
    const first = await extend(world, alice, id, '30m');
    expect(await endOf(world, alice, id)).toBe(firstEnd);
    await approveExtension(world, first, 'U0BOB');
    await waitsAnew(id);
    await world.clock.turn(45 * minuteMs);
    const credentials = await mint(world, alice, id);
    const second = await extend(world, alice, id, '30m');
    await approveExtension(world, second, 'U0CAROL');
    await waitsAnew(id, 3);
    expect(await endOf(world, alice, id)).toBe(firstEnd + 60 * minuteMs);

    await world.clock.turn(45 * minuteMs + 1000);
    await ended(world, alice, id);
    expect(await isDead(credentials)).toBe(true);
    const states = ['NeedsApproval', 'AwaitApproval', ...twice, 'ActivateGrant', 'AwaitEnd', 'RevokeSessions'];
    expect(statesIn(await historyOf(world, id))).toEqual(states);
  });

  it('that nobody approves ends when it was to end, and its sessions are dead', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 30m fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    await extend(world, alice, id, '30m');
    await world.clock.turn(30 * minuteMs + 1000);
    await ended(world, alice, id);
    expect(await isDead(credentials)).toBe(true);
    expect((await viewOf(world, alice, id)).extensions).toMatchObject([{ status: 'lapsed' }]);
    expect(statesIn(await historyOf(world, id)).filter((name) => name === 'AwaitEnd')).toHaveLength(1);
  });

  it('is extended from the command line, and what programs get by credential_process ends at the new end', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-read 20m looking at INC-42');
    const alice = await world.login('U0ALICE');
    const firstEnd = await endOf(world, alice, id);
    const { home, remove } = temporaryHome();
    saveLogin(home, world.appUrl, alice);
    const daypass = (...args: string[]) => run(args, { env: { DAYPASS_HOME: home, TZ: 'UTC', LC_ALL: 'C' } });
    const expiration = async (): Promise<number> => {
      const { stdout } = await daypass('credential-process', '--entitlement', 'orders-read');
      return Date.parse((JSON.parse(stdout) as { Expiration: string }).Expiration);
    };
    try {
      expect(await expiration()).toBe(firstEnd);
      const because = ['--reason', 'INC-42 takes longer'];
      const tooMuch = await daypass('extend', '1h', ...because);
      expect(tooMuch).toMatchObject({ code: 3, stderr: expect.stringContaining('at most 40 minutes') });
      const extended = await daypass('extend', '15m', ...because, '--wait');
      expect(extended).toMatchObject({ code: 0, stdout: expect.stringContaining('is 15 min longer') });
      expect(await expiration()).toBe(firstEnd + 15 * minuteMs);
      expect((await daypass('list')).stdout).toMatch(new RegExp(`${id} .* active +35 min +ends`));
      expect((await daypass('done')).code).toBe(0);
      const over = await daypass('extend', id, '1m', ...because);
      expect(over).toMatchObject({ code: 5, stderr: expect.stringContaining('not live any more') });
    } finally {
      remove();
    }
    await ended(world, alice, id);
  });
});

describe('case 66: an extension that is saved in the last moment', () => {
  it('keeps the grant alive although its wait is over before the workflow hears of it', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-read 20m looking at INC-42');
    const alice = await world.login('U0ALICE');
    const firstEnd = await endOf(world, alice, id);
    await world.stack.idle();
    const heal = await forbid(world, 'api', 'events:PutEvents');
    await world.clock.turn(firstEnd - 1 - world.clock.nowMs());
    await extend(world, alice, id, '15m');
    await world.clock.turn(1000);
    await waitsAnew(id);
    expect(statesIn(await historyOf(world, id))).toEqual([
      'NeedsApproval',
      ...['ActivateGrant', 'AwaitEnd', 'RevokeSessions'],
      ...['ActivateGrant', 'AwaitEnd'],
    ]);
    expect(await world.readOrder(await mint(world, alice, id))).toBe('12345');
    // The function says no by an exception, once.
    expect(world.faults.splice(0)).toEqual([expect.stringMatching(/^revoke-sessions: .*"GrantExtended"/)]);

    // What was held back comes late and changes nothing: the wait is for the new end already.
    await heal();
    await world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });
    await world.stack.idle();
    expect(statesIn(await historyOf(world, id))).toHaveLength(6);
    await world.clock.turn(15 * minuteMs + 1000);
    await ended(world, alice, id);
    await untilSucceeded(id);
    expect(statesIn(await historyOf(world, id))).toHaveLength(7);
  });

  it('comes too late at the end itself, and the grant is over', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-read 20m looking at INC-42');
    const alice = await world.login('U0ALICE');
    await world.clock.turn((await endOf(world, alice, id)) - world.clock.nowMs());
    const body = { duration: '15m', reason: 'INC-42 takes longer' };
    expect((await world.api(alice, 'POST', `/requests/${id}/extend`, body)).status).toBe(409);
    await world.clock.turn(1000);
    await ended(world, alice, id);
  });
});

describe('case 52: a grant that is revoked right after it was extended', () => {
  it('is dead, with all that was minted before and after', async () => {
    const { id, card } = await grant(world, 'U0ALICE', 'orders-read 20m looking at INC-42');
    const alice = await world.login('U0ALICE');
    const before = await mint(world, alice, id);
    await extend(world, alice, id, '15m');
    const after = await mint(world, alice, id);
    await world.click('U0BOB', card, 'Revoke');
    await ended(world, alice, id);
    expect([await world.readOrder(before), await world.readOrder(after)]).toEqual(
      Array(2).fill('AccessDeniedException'),
    );
    await untilSucceeded(id);
    expect(statesIn(await historyOf(world, id)).filter((name) => name === 'RevokeSessions')).toHaveLength(1);
  });

  it('is dead when both come at once, whichever is first', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-read 20m looking at INC-42');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    const body = { duration: '15m', reason: 'INC-42 takes longer' };
    const [extended, done] = await Promise.all([
      world.api(alice, 'POST', `/requests/${id}/extend`, body),
      world.api(alice, 'POST', `/requests/${id}/end`),
    ]);
    expect([200, 409]).toContain(extended.status);
    expect(done.status).toBe(200);
    await ended(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    await untilSucceeded(id);
  });
});
