import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '#core/alert/alert.ts';
import { answered, closed, failed } from '#core/alert/answer.ts';
import { alertIdOf, folded, mostCounted, mostNamedSessions, raised } from '#core/alert/fold.ts';
import { isRevocable, remedyOf } from '#core/alert/remedy.ts';
import type { Finding } from '#core/detection/finding.ts';

const at = '2026-11-22T10:10:00.000Z';
const finding = (eventId: string, change: Partial<Finding> = {}): Finding => ({
  detection: 'assumed-without-grant',
  severity: 'high',
  dedupKey: 'k',
  summary: 'Something.',
  at: '2026-11-22T10:00:01.000Z',
  eventId,
  accountId: '222222222222',
  roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
  facts: {},
  ...change,
});

/** Folds them all, one by one, and tells which events came of it. */
const foldAll = (findings: readonly Finding[]): { alert: Alert; names: string[] } => {
  const [first, ...rest] = findings;
  if (!first) throw new Error('Nothing to fold.');
  const start = raised('alert-1', first, at);
  let alert: Alert = start.alert;
  const names = start.events.map((event) => event.name);
  for (const next of rest) {
    const outcome = folded(alert, next, at);
    if (outcome.is !== 'changed') continue;
    expect(outcome.change.alert.version).toBe(alert.version + 1);
    alert = outcome.change.alert;
    names.push(...outcome.change.events.map((event) => event.name));
  }
  return { alert, names };
};

const severity = fc.constantFrom('low' as const, 'medium' as const, 'high' as const, 'critical' as const);
const deliveries = fc
  .array(fc.record({ id: fc.integer({ min: 0, max: 30 }), severity }), { minLength: 1, maxLength: 80 })
  // One event always says the same.
  .map((all) =>
    all.map(({ id }) => finding(`e${id}`, { severity: all.find((other) => other.id === id)?.severity ?? 'low' })),
  );

test('counts distinct events, in whatever order and however often they are delivered', () => {
  fc.assert(
    fc.property(
      deliveries.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
      ),
      ([all, again]) => {
        const distinct = new Set(all.map((one) => one.eventId)).size;
        expect(foldAll(all).alert.count).toBe(distinct);
        expect(foldAll(again).alert.count).toBe(distinct);
      },
    ),
  );
});

test('folding what was folded changes nothing', () => {
  fc.assert(
    fc.property(deliveries, (all) => {
      const { alert } = foldAll(all);
      for (const one of all) expect(folded(alert, one, at)).toEqual({ is: 'nothing' });
    }),
  );
});

test('the severity is the worst that was seen, whatever the order', () => {
  const order = ['low', 'medium', 'high', 'critical'];
  fc.assert(
    fc.property(deliveries, (all) => {
      const worst = Math.max(...all.map((one) => order.indexOf(one.severity)));
      expect(foldAll(all).alert.severity).toBe(order[worst]);
      expect(foldAll([...all].reverse()).alert.severity).toBe(order[worst]);
    }),
  );
});

test('a storm is told at most twenty times, counted up to 2000 and kept small', () => {
  const storm = Array.from({ length: 3000 }, (_, index) =>
    finding(`e${index}`, { session: { userId: `AROA:${index}`, expiresBy: at } }),
  );
  const { alert, names } = foldAll(storm);
  expect(alert.count).toBe(mostCounted);
  expect(names.filter((name) => name === 'alert.repeated')).toHaveLength(20);
  expect(alert.newest.map((one) => one.eventId)).toEqual(['e1995', 'e1996', 'e1997', 'e1998', 'e1999']);
  expect(alert.sessions).toHaveLength(mostNamedSessions);
  expect(alert.version).toBe(mostCounted);
  expect(JSON.stringify(alert).length).toBeLessThan(100_000);
});

test('a session that lives longer is denied as long, also after 500 findings, and that is no storm of writes', () => {
  const session = (deadBy: string) => ({ session: { userId: 'AROA:ci', expiresBy: deadBy, deadBy } });
  const second = (index: number): string =>
    new Date(Date.parse('2026-11-22T11:00:00.000Z') + index * 1000).toISOString();
  const storm = Array.from({ length: mostCounted }, (_, index) => finding(`e${index}`, session(second(0))));
  const { alert } = foldAll([...storm, finding('late', session('2026-11-22T21:59:59.000Z'))]);
  expect(alert.count).toBe(mostCounted);
  expect(alert.sessions).toEqual([
    { userId: 'AROA:ci', expiresBy: '2026-11-22T21:59:59.000Z', deadBy: '2026-11-22T22:00:00.000Z' },
  ]);
  // 600 more, each a second longer: ten minutes, so two further writes.
  const longer = foldAll([
    ...storm,
    ...Array.from({ length: 600 }, (_, index) => finding(`l${index}`, session(second(index + 1)))),
  ]);
  expect(longer.alert.version).toBe(mostCounted + 2);
  expect(longer.alert.sessions.map(({ deadBy }) => deadBy)).toEqual(['2026-11-22T11:10:00.000Z']);
  const known = folded(longer.alert, finding('l0', session(second(1))), at);
  expect(known).toEqual({ is: 'nothing' });
});

test('it is told when it gets worse, however often it was told before', () => {
  const many = Array.from({ length: 30 }, (_, index) => finding(`e${index}`, { severity: 'low' }));
  const before = foldAll(many).names.length;
  expect(foldAll([...many, finding('worse', { severity: 'critical' })]).names.length).toBe(before + 1);
});

test('one key and one hour are one alert; the id says so and can name an execution', () => {
  const id = alertIdOf(finding('a'), 0);
  expect(id).toMatch(/^alert-[0-9a-f]{32}$/);
  expect(alertIdOf(finding('b', { at: '2026-11-22T10:59:59.000Z' }), 0)).toBe(id);
  expect(alertIdOf(finding('a', { at: '2026-11-22T11:00:00.000Z' }), 0)).not.toBe(id);
  expect(alertIdOf(finding('a', { dedupKey: 'other' }), 0)).not.toBe(id);
  expect(alertIdOf(finding('a'), 1)).not.toBe(id);
});

test('the copy that names the caller takes the place of the one that does not, and does not count', () => {
  const poor = finding('shared', { facts: { Role: 'r' } });
  const rich = finding('shared', { facts: { Role: 'r', 'Access key id': 'k' } });
  for (const order of [
    [poor, rich],
    [rich, poor],
  ]) {
    const { alert, names } = foldAll(order);
    expect(alert.first).toEqual(rich);
    expect(alert.count).toBe(1);
    expect(names).toEqual(['alert.raised']);
  }
});

test('what comes after a revocation is a new alert; what was expected goes on counting', () => {
  const { alert } = raised('alert-1', finding('a'), at);
  const revoked = answered(alert, { action: 'revoke', at, by: 'bob' }).alert;
  expect(folded(revoked, finding('b'), at).is).toBe('next');
  expect(folded(closed(revoked, 'Done.', at).alert, finding('b'), at).is).toBe('next');
  expect(folded(revoked, finding('a'), at).is).toBe('nothing');
  const same = raised('alert-1', finding('a', { deed: 'the same' }), at).alert;
  const expected = closed(answered(same, { action: 'expected', at, by: 'bob' }).alert, 'Fine.', at).alert;
  expect(folded(expected, finding('b', { deed: 'the same' }), at)).toMatchObject({
    is: 'changed',
    change: { alert: { status: 'closed', count: 2 } },
  });
});

test('credentials that nobody saw when they said Expected are a new alert', () => {
  const session = (accessKeyId: string) => ({
    deed: accessKeyId,
    session: { userId: 'AROA:x', accessKeyId, expiresBy: at },
  });
  const { alert } = foldAll([finding('a', session('ASIA1')), finding('b', session('ASIA2'))]);
  if (alert.status !== 'open') throw new Error('It is not open.');
  const expected = answered(alert, { action: 'expected', at, by: 'bob' }).alert;
  for (const known of ['ASIA1', 'ASIA2']) expect(folded(expected, finding('c', session(known)), at).is).toBe('changed');
  expect(folded(expected, finding('c', session('ASIA3')), at).is).toBe('next');
  expect(folded(closed(expected, 'Fine.', at).alert, finding('c', session('ASIA3')), at).is).toBe('next');
  expect(folded(expected, finding('a', session('ASIA3')), at).is).toBe('nothing');
});

test('what was answered with Expected swallows the very same deed and nothing that is another, or worse', () => {
  const { alert } = raised('alert-1', finding('a', { deed: 'one', severity: 'low' }), at);
  const expected = answered(alert, { action: 'expected', at, by: 'bob' }).alert;
  expect(folded(expected, finding('b', { deed: 'one', severity: 'low' }), at).is).toBe('changed');
  expect(folded(expected, finding('b', { deed: 'two', severity: 'low' }), at).is).toBe('next');
  expect(folded(expected, finding('b', { deed: 'one', severity: 'critical' }), at).is).toBe('next');
  // Nobody says that it is the same.
  expect(folded(expected, finding('b', { severity: 'low' }), at).is).toBe('next');
  // An alert of before does not say what was done.
  const { deeds: _, ...before } = expected;
  expect(folded(before, finding('b', { deed: 'one', severity: 'low' }), at).is).toBe('next');
});

test('beyond what is counted, something worse is told all the same', () => {
  const many = Array.from({ length: 2001 }, (_, index) => finding(`e${index}`, { severity: 'low' }));
  const { alert } = foldAll(many);
  expect(folded(alert, finding('more', { severity: 'low' }), at)).toEqual({ is: 'nothing' });
  expect(folded(alert, finding('worse', { severity: 'critical' }), at)).toMatchObject({
    is: 'changed',
    change: { alert: { severity: 'critical', count: 2000 }, events: [{ name: 'alert.repeated' }] },
  });
});

test('a session is kept once, with the expiry of the one that dies last', () => {
  const one = { userId: 'AROA:x', expiresBy: '2026-11-22T10:15:00.000Z' };
  const later = { userId: 'AROA:x', expiresBy: '2026-11-22T10:45:00.000Z' };
  expect(foldAll([finding('a', { session: one }), finding('b', { session: later })]).alert.sessions).toEqual([later]);
  expect(foldAll([finding('a', { session: later }), finding('b', { session: one })]).alert.sessions).toEqual([later]);
});

test('Revoke ends sessions, or restores the deny, or is not offered', () => {
  const sessions = [{ userId: 'AROA:x', expiresBy: at }];
  const first = { roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin' };
  expect(remedyOf({ detection: 'assumed-without-grant', sessions, first })).toBe('end-sessions');
  expect(remedyOf({ detection: 'deny-policy-tampered', sessions: [], first })).toBe('restore-deny');
  expect(remedyOf({ detection: 'trust-changed', sessions: [], first })).toBe('end-ungranted');
  const revoker = { roleArn: 'arn:aws:iam::222222222222:role/daypass-revoker' };
  expect(remedyOf({ detection: 'trust-changed', sessions: [], first: revoker })).toBe('nothing');
  expect(isRevocable({ detection: 'trust-changed', sessions: [], first: revoker })).toBe(false);
  expect(remedyOf({ detection: 'boundary-changed', sessions: [], first })).toBe('nothing');
  expect(remedyOf({ detection: 'revoker-changed', sessions: [], first })).toBe('nothing');
  expect(remedyOf({ detection: 'revoker-taken', sessions, first })).toBe('nothing');
});

test('a failure is told once per error, and gone when the alert closes', () => {
  const answer = answered(raised('alert-1', finding('a'), at).alert, { action: 'revoke', at }).alert;
  const first = failed(answer, 'RoleUnavailable', at);
  expect(first?.events.map((event) => event.name)).toEqual(['alert.answered']);
  expect(first && failed(first.alert, 'RoleUnavailable', at)).toBeUndefined();
  expect(first && 'failure' in closed(first.alert, 'Done.', at).alert).toBe(false);
});
