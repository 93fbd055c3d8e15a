import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Login, networkOf } from '#core/login/login.ts';
import { sha256 } from '#core/sha256.ts';
import { type ApiWorld, startApiWorld } from '#test/functions/api/api-world.ts';
import { samplePolicy } from '#test/functions/api/sample-policy.ts';
import { memoryAlerts } from '#test/kit/stores/alerts.ts';
import { emptyMemory } from '#test/kit/stores/memory.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { liftLockdownByAws } from '#usecases/lockdown/lift-by-aws.ts';
import { liftLockdown } from '#usecases/lockdown/lift-lockdown.ts';
import { confirmLogin, denyLogin, findLogin } from '#usecases/login/confirm-login.ts';
import { endLogin } from '#usecases/login/end-login.ts';
import { redeemLogin } from '#usecases/login/redeem-login.ts';
import { revokeLogin } from '#usecases/login/revoke-login.ts';
import { startLogin } from '#usecases/login/start-login.ts';
import { whoIs } from '#usecases/login/who-is.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());

const askedFrom = { ip: '192.0.2.7', program: 'daypass CLI', host: 'laptop' };
const start = async (from: Login['askedFrom'] = askedFrom, ports: ApiWorld['ports'] = world.ports) => {
  const begun = await startLogin({ askedFrom: from }, ports);
  if (!begun.ok) throw new Error(begun.refusal.message);
  return begun.value;
};
const confirm = (userCode: string, personId: string) => confirmLogin({ userCode, personId }, world.ports);
const redeem = (deviceCode: string) => redeemLogin({ deviceCode }, world.ports);

/** As many wait as ten, whatever the use case says, which is noted. */
const withFew = (logins: ApiWorld['ports']['logins'], noted: number[]): ApiWorld['ports']['logins'] => ({
  ...logins,
  keepPending: async (login, most) => {
    noted.push(most);
    await logins.keepPending(login, 10);
  },
});

/** The token of a login that went well. */
const tokenOf = async (personId: string): Promise<string> => {
  const { login, deviceCode } = await start();
  await confirm(login.userCode, personId);
  const redemption = await redeem(deviceCode);
  if (redemption.state !== 'redeemed') throw new Error(`not redeemed but ${redemption.state}`);
  return redemption.token;
};

const unknownCode = {
  ok: false,
  refusal: {
    code: 'not-found',
    message: 'That code is wrong, or it is no longer valid: a code works once, for ten minutes.',
    next: { do: 'log-in-again' },
  },
};

const endedAlready = {
  ok: false,
  refusal: {
    code: 'not-live',
    message: 'That login was ended already: nobody can act by it.',
    next: { do: 'list' },
  },
};

it('shows from where a login was asked for, before it is confirmed', async () => {
  const { login } = await start();
  const found = await findLogin({ userCode: login.userCode.toLowerCase().replace('-', ' ') }, world.ports);
  expect(found).toMatchObject({ ok: true, value: { id: login.id, status: 'waiting', askedFrom } });
});

it('a confirmed login gives its person a token for eight hours', async () => {
  const token = await tokenOf('alice');
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: true, value: { id: 'alice', name: 'Alice' } });
  await world.clock.turn(8 * 3600 * 1000 - 1);
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: true });
  await world.clock.turn(1);
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: false, refusal: { code: 'unknown-person' } });
});

it('nothing that opens a door is stored: neither the device code nor the token', async () => {
  const { login, deviceCode } = await start();
  await confirm(login.userCode, 'alice');
  const redemption = await redeem(deviceCode);
  const stored = await world.stored();
  expect(stored).toContain(sha256(deviceCode));
  expect(stored).not.toContain(deviceCode);
  expect(redemption).toMatchObject({ state: 'redeemed' });
  expect(stored).not.toContain('token' in redemption ? redemption.token : 'no token');
});

it('a device code yields one token, also when it is redeemed twice at once', async () => {
  const { login, deviceCode } = await start();
  await confirm(login.userCode, 'alice');
  const both = await Promise.all([redeem(deviceCode), redeem(deviceCode)]);
  expect(both.map(({ state }) => state).sort()).toEqual(['invalid', 'redeemed']);
  expect(await redeem(deviceCode)).toEqual({ state: 'invalid' });
});

it('a program that asks too often is told so, and still gets its token at once when it was confirmed', async () => {
  const { login, deviceCode } = await start();
  expect(await redeem(deviceCode)).toEqual({ state: 'waiting' });
  await world.clock.turn(1000);
  expect(await redeem(deviceCode)).toEqual({ state: 'too-soon' });
  await world.clock.turn(2000);
  expect(await redeem(deviceCode)).toEqual({ state: 'waiting' });
  await confirm(login.userCode, 'alice');
  expect(await redeem(deviceCode)).toMatchObject({ state: 'redeemed', personId: 'alice' });
});

it('a code ends after ten minutes, on both sides', async () => {
  const { login, deviceCode } = await start();
  await world.clock.turn(600_000);
  expect(await confirm(login.userCode, 'alice')).toEqual(unknownCode);
  expect(await redeem(deviceCode)).toEqual({ state: 'expired' });
});

it('a confirmed login that nobody redeems in time gives no token', async () => {
  const { login, deviceCode } = await start();
  await confirm(login.userCode, 'alice');
  await world.clock.turn(600_000);
  expect(await redeem(deviceCode)).toEqual({ state: 'expired' });
});

it('a wrong code, an old one and one that somebody else used read the same', async () => {
  const used = await start();
  await confirm(used.login.userCode, 'alice');
  const old = await start();
  await world.clock.turn(600_000);
  for (const code of ['ZZZZ-ZZZZ', 'not a code', '', old.login.userCode]) {
    expect(await confirm(code, 'bob')).toEqual(unknownCode);
    expect(await findLogin({ userCode: code }, world.ports)).toEqual(unknownCode);
  }
  expect(await confirm(used.login.userCode, 'bob')).toEqual(unknownCode);
});

it('of two people who confirm the same code at once, one is let in and the other has a wrong code', async () => {
  const { login } = await start();
  const outcomes = await Promise.all([confirm(login.userCode, 'alice'), confirm(login.userCode, 'bob')]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(outcomes).toContainEqual(unknownCode);
});

it('confirming twice is nothing, and says so with the same event', async () => {
  const { login } = await start();
  const about = () =>
    world.events.flatMap(({ name, detail }) =>
      name === 'login.confirmed' && detail.loginId === login.id ? [detail] : [],
    );
  expect(await confirm(login.userCode, 'alice')).toMatchObject({ ok: true });
  await world.clock.turn(1000);
  expect(await confirm(login.userCode, 'alice')).toMatchObject({ ok: true });
  expect(about()).toHaveLength(2);
  expect(about()[0]).toEqual(about()[1]);
  expect(about()[0]).toMatchObject({ personId: 'alice' });
});

it('a denied login lets nobody in, and cannot be confirmed afterwards', async () => {
  const { login, deviceCode } = await start();
  expect(await denyLogin({ userCode: login.userCode, personId: 'alice' }, world.ports)).toMatchObject({ ok: true });
  expect(await redeem(deviceCode)).toEqual({ state: 'denied' });
  expect(await confirm(login.userCode, 'alice')).toEqual(unknownCode);
});

it('“Not me” of who confirmed it ends a login at once: no token is handed out, and one that was opens nothing', async () => {
  const early = await start();
  await confirm(early.login.userCode, 'alice');
  expect(await endLogin({ loginId: early.login.id, personId: 'alice' }, world.ports)).toMatchObject({
    ok: true,
    value: { status: 'revoked', personId: 'alice' },
  });
  expect(await redeem(early.deviceCode)).toEqual({ state: 'denied' });
  const late = await start();
  await confirm(late.login.userCode, 'alice');
  const redemption = await redeem(late.deviceCode);
  const token = 'token' in redemption ? redemption.token : 'no token';
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: true });
  expect(await endLogin({ loginId: late.login.id, personId: 'alice' }, world.ports)).toMatchObject({ ok: true });
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: false, refusal: { code: 'unknown-person' } });
});

it('“Not me” with the code ends a login after Confirm too, also once the code has run out', async () => {
  const { login, deviceCode } = await start();
  const deny = (personId: string) => denyLogin({ userCode: login.userCode, personId }, world.ports);
  await confirm(login.userCode, 'alice');
  const redemption = await redeem(deviceCode);
  const token = 'token' in redemption ? redemption.token : 'no token';
  expect(await deny('bob')).toEqual(unknownCode);
  await world.clock.turn(600_000);
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: true });
  expect(await deny('alice')).toMatchObject({ ok: true, value: { status: 'revoked' } });
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: false });
  expect(await deny('alice')).toEqual(endedAlready);
});

it('a second “Not me”, one that is too late and somebody else’s are told apart only to whom the login is', async () => {
  const { login, deviceCode } = await start();
  const end = (personId: string, loginId = login.id) => endLogin({ loginId, personId }, world.ports);
  const noSuch = {
    ok: false,
    refusal: { code: 'not-found', message: 'There is no such login of yours.', next: { do: 'list' } },
  };
  expect(await end('alice')).toEqual(noSuch);
  await confirm(login.userCode, 'alice');
  await redeem(deviceCode);
  expect(await end('bob')).toEqual(noSuch);
  for (const id of ['01KAN0DAYPASS0000000000000', '', 'x'.repeat(3000)]) expect(await end('alice', id)).toEqual(noSuch);
  expect(await end('alice')).toMatchObject({ ok: true });
  expect(await end('alice')).toEqual(endedAlready);
  expect(await confirm(login.userCode, 'alice')).toEqual(endedAlready);
  const old = await start();
  await confirm(old.login.userCode, 'alice');
  await redeem(old.deviceCode);
  await world.clock.turn(8 * 3600 * 1000);
  expect(await end('alice', old.login.id)).toMatchObject({
    ok: false,
    refusal: { code: 'not-live', message: 'That login is over: its time ran out.' },
  });
});

it('a revoked token opens nothing; revoking again, or a token that never was, is nothing', async () => {
  const token = await tokenOf('alice');
  const other = await tokenOf('alice');
  await revokeLogin({ token }, world.ports);
  expect(await whoIs({ token }, world.ports)).toMatchObject({ ok: false });
  expect(await whoIs({ token: other }, world.ports)).toMatchObject({ ok: true });
  await expect(revokeLogin({ token }, world.ports)).resolves.toBeUndefined();
  await expect(revokeLogin({ token: 'never-was' }, world.ports)).resolves.toBeUndefined();
});

it('who was taken out of the policy is refused at the next call, with a token that is still good', async () => {
  const token = await tokenOf('alice');
  world.govern({ ...samplePolicy, people: samplePolicy.people.filter(({ id }) => id !== 'alice') });
  const refused = await whoIs({ token }, world.ports);
  world.govern(samplePolicy);
  expect(refused).toMatchObject({
    ok: false,
    refusal: { code: 'unknown-person', message: 'The access policy does not know you any more.' },
  });
});

it('a code that is taken by chance is replaced by another one', async () => {
  const first = await start();
  const taken = Buffer.from(
    [...first.login.userCode.replace('-', '')].map((letter) => 'BCDFGHJKLMNPQRSTVWXZ'.indexOf(letter)),
  );
  // Secrets come in the order: device code, bytes of the user code.
  const secrets = ['device-one', taken.toString('base64url'), 'device-two', Buffer.alloc(32, 7).toString('base64url')];
  const ids = { ...world.ports.ids, secret: () => secrets.shift() ?? '' };
  const second = await start(askedFrom, { ...world.ports, ids });
  expect(second.deviceCode).toBe('device-two');
  expect(second.login.userCode).toBe('KKKK-KKKK');
});

it('a save on a version that is no longer the stored one changes nothing', async () => {
  const { login } = await start();
  const stale: Login = { ...login, version: 3, status: 'denied' };
  await expect(world.ports.logins.save(stale)).rejects.toMatchObject({ name: 'VersionConflict' });
  await expect(world.ports.logins.save(login)).rejects.toMatchObject({ name: 'VersionConflict' });
  expect(await world.ports.logins.byUserCode(login.userCode)).toEqual(login);
});

describe('logins are limited', () => {
  it('begun from one address: a hundred in ten minutes, and others go on', async () => {
    const from = { ip: '198.51.100.9', program: 'flood' };
    await world.clock.turn(600_000);
    for (let begun = 0; begun < 100; begun += 1) await start(from);
    const items = async () => JSON.parse(await world.stored()).length;
    const stored = await items();
    expect(await startLogin({ askedFrom: from }, world.ports)).toMatchObject({
      ok: false,
      refusal: {
        code: 'too-many',
        message: 'You have begun a login from this address 100 times within 10 minutes, which is the limit.',
      },
    });
    expect(await items()).toBe(stored);
    await start({ ip: '198.51.100.10', program: 'daypass' });
    await world.clock.turn(600_000);
    await start(from);
  });

  it('an address of IPv6 counts with all of its /64', () => {
    expect(['2001:db8:1:2::7', '2001:db8:1:2:9:9:9:9', '2001:DB8:1:2::'].map(networkOf)).toEqual(
      Array.from({ length: 3 }, () => '2001:db8:1:2::/64'),
    );
    expect(networkOf('2001:db8::7')).toBe('2001:db8:0:0::/64');
    expect(['198.51.100.9', '127.0.0.1', '::1'].map(networkOf)).toEqual(['198.51.100.9', undefined, undefined]);
  });

  it('where the address is unknown, or this machine’s, none is refused and what waited longest makes room', async () => {
    const most: number[] = [];
    const few = { ...world.ports, logins: withFew(world.ports.logins, most) };
    for (const from of [{ program: 'flood' }, { ip: '127.0.0.1', program: 'flood' }]) {
      const [confirmed, waited] = [await start(from, few), await start(from, few)];
      await confirm(confirmed.login.userCode, 'alice');
      const later = [];
      for (let begun = 0; begun < 30; begun += 1) later.push(await start(from, few));
      const waits = await Promise.all(
        [waited, ...later].map(({ login }) => world.ports.logins.byUserCode(login.userCode)),
      );
      expect(waits.map((login) => login?.status)).toEqual([
        ...Array.from({ length: 21 }, () => undefined),
        ...Array.from({ length: 10 }, () => 'waiting'),
      ]);
      expect(await redeem(confirmed.deviceCode)).toMatchObject({ state: 'redeemed', personId: 'alice' });
      expect(await redeem(waited.deviceCode)).toEqual({ state: 'invalid' });
    }
    expect(new Set(most)).toEqual(new Set([10_000]));
  });

  it('confirmed by one person: sixty in an hour, and to turn one away or to end one is never limited', async () => {
    await world.clock.turn(3_600_000);
    const last = [];
    for (let count = 0; count < 61; count += 1) {
      if (count % 50 === 0) await world.clock.turn(600_000);
      last.push((await start()).login);
      if (count < 60) expect(await confirm(last[count]?.userCode ?? '', 'alice')).toMatchObject({ ok: true });
    }
    const one = last[60]?.userCode ?? '';
    expect(await confirm(one, 'alice')).toMatchObject({
      ok: false,
      refusal: { message: 'You have let a program in 60 times within 1 hour, which is the limit.' },
    });
    expect(await endLogin({ loginId: last[59]?.id ?? '', personId: 'alice' }, world.ports)).toMatchObject({ ok: true });
    expect(await denyLogin({ userCode: one, personId: 'alice' }, world.ports)).toMatchObject({ ok: true });
    expect(await confirm((await start()).login.userCode, 'bob')).toMatchObject({ ok: true });
  });
});

describe('a login from before a lockdown of its person', () => {
  // How many may be confirmed is counted by the hour.
  beforeAll(async () => {
    await world.clock.turn(3600 * 1000);
    world.govern({ ...samplePolicy, mayLockDown: ['leads'] });
  });
  afterAll(() => world.govern(samplePolicy));
  const lockAlice = async (): Promise<string> => {
    const lockdownId = world.ports.ids.ulid();
    const scope = { kind: 'person', personId: 'alice' } as const;
    const order = { lockdownId, scope, reason: 'laptop stolen', personId: 'bob' };
    expect(await beginLockdown(order, world.ports)).toMatchObject({ ok: true });
    return lockdownId;
  };
  const lifts: [string, (lockdownId: string) => Promise<{ ok: boolean }>][] = [
    ['a person', (lockdownId) => liftLockdown({ lockdownId, personId: 'bob', reason: 'a new one' }, world.ports)],
    [
      'AWS credentials of the hub',
      (lockdownId) =>
        liftLockdownByAws(
          { lockdownId, arn: 'arn:aws:iam::111111111111:user/hub-admin', reason: 'a new one' },
          { ...world.ports, alerts: memoryAlerts(emptyMemory()) },
        ),
    ],
  ];

  it.each(lifts)(
    'opens nothing once that is lifted by %s, fetched or not; later ones and others’ do',
    async (_, lift) => {
      const [fetched, others] = [await tokenOf('alice'), await tokenOf('bob')];
      const unfetched = await start();
      await confirm(unfetched.login.userCode, 'alice');
      const lockdownId = await lockAlice();
      const meanwhile = await start();
      await confirm(meanwhile.login.userCode, 'alice');
      expect(await lift(lockdownId)).toMatchObject({ ok: true });
      expect(await whoIs({ token: fetched }, world.ports)).toMatchObject({ refusal: { code: 'unknown-person' } });
      expect(await redeem(unfetched.deviceCode)).toEqual({ state: 'denied' });
      expect(await redeem(meanwhile.deviceCode)).toEqual({ state: 'waiting' });
      expect(await whoIs({ token: others }, world.ports)).toMatchObject({ value: { id: 'bob' } });
      expect(await whoIs({ token: await tokenOf('alice') }, world.ports)).toMatchObject({ value: { id: 'alice' } });
    },
  );

  it('keeps the lockdown in force where it cannot be ended', async () => {
    const token = await tokenOf('alice');
    const lockdownId = await lockAlice();
    const logins = { ...world.ports.logins, save: () => Promise.reject(new Error('out of reach')) };
    const lift = { lockdownId, personId: 'bob', reason: 'a new one' };
    await expect(liftLockdown(lift, { ...world.ports, logins })).rejects.toThrow('out of reach');
    expect(await world.ports.lockdowns.get(lockdownId)).toMatchObject({ status: 'in-force' });
    await liftLockdown(lift, world.ports);
    expect(await whoIs({ token }, world.ports)).toMatchObject({ refusal: { code: 'unknown-person' } });
  });
});
