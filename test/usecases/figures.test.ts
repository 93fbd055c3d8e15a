import { expect, test } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { active, alertWorld, endedAt } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { answerAlert } from '#usecases/alert/answer-alert.ts';
import { detect } from '#usecases/alert/detect.ts';
import { revokeAlert } from '#usecases/alert/revoke-alert.ts';
import { outstandingRevocations } from '#usecases/revoke/outstanding-revocations.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { sweep } from '#usecases/sweep/sweep.ts';

const ending = (reason: 'expired' | 'done', at: string): AccessRequest => ({
  ...active,
  ...{ status: 'ending', grant: { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T10:05:00.000Z' } },
  end: { reason, at },
});

test('a revocation counts from the end of the grant, though the workflow notices later', async () => {
  const { ports, figures, clock } = alertWorld();
  await clock.turn(3_000);
  await revokeSessions({ requestId: records.grantId }, ports);
  expect(figures).toEqual([['RevocationSeconds', 4]]);
});

test('a revocation of a grant that was ended early counts from then', async () => {
  const { ports, figures } = alertWorld(ending('done', '2026-11-22T10:04:51.000Z'));
  await revokeSessions({ requestId: records.grantId }, ports);
  expect(figures).toEqual([['RevocationSeconds', 10]]);
});

test('a revocation that had to be tried again counts from the first time', async () => {
  const { ports, figures, clock, unreachable } = alertWorld();
  unreachable.add(records.ordersAdmin);
  await expect(revokeSessions({ requestId: records.grantId }, ports)).rejects.toThrow(DaypassError);
  expect(figures).toEqual([]);
  unreachable.clear();
  await clock.turn(60_000);
  await revokeSessions({ requestId: records.grantId }, ports);
  expect(figures).toEqual([['RevocationSeconds', 61]]);
});

test('where no session was minted there is no figure, and none for a request that has ended before', async () => {
  const { minted: _, ...unused } = active;
  const { ports, figures } = alertWorld(unused as AccessRequest);
  await revokeSessions({ requestId: records.grantId }, ports);
  await revokeSessions({ requestId: records.grantId }, ports);
  expect(figures).toEqual([]);
});

test('Revoke on an alert counts from the answer', async () => {
  const { ports, figures, clock, theAlert } = alertWorld();
  await detect(records.ownAssumption, ports);
  const alertId = theAlert().id;
  await answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports);
  await clock.turn(2_500);
  figures.length = 0;
  await revokeAlert({ alertId }, ports);
  expect(figures).toEqual([['RevocationSeconds', 2.5]]);
});

test('a judgement counts from what CloudTrail calls the time of the event, and is never early', async () => {
  const { ports, figures } = alertWorld();
  await detect(records.use('2026-11-22T10:04:00Z'), ports);
  await detect(records.use('2026-11-22T10:05:02Z'), ports);
  expect(figures).toEqual([
    ['DetectionDelaySeconds', 61],
    ['DetectionDelaySeconds', 0],
  ]);
});

test('an event that cannot be read is counted, and has no delay', async () => {
  const { ports, figures } = alertWorld();
  await detect({ source: 'aws.sts', detail: 'nonsense' }, ports);
  expect(figures).toEqual([['UnparsedEvents', 1]]);
});

test('each sweep says how many revocations it leaves, also when it is none', async () => {
  const { ports, figures, unreachable, clock } = alertWorld();
  await clock.turn(120_000);
  unreachable.add(records.ordersAdmin);
  await sweep(ports);
  unreachable.clear();
  await sweep(ports);
  const left = figures.filter(([metric]) => metric === 'RevocationsOutstanding').map(([, count]) => count);
  expect(left).toEqual([1, 0]);
});

test('a sweep that cannot look says nothing: silence is what its alarm waits for', async () => {
  const { ports, figures } = alertWorld();
  const away = async (): Promise<never> => {
    throw new DaypassError('StoreUnavailable', 'Away.');
  };
  await expect(sweep({ ...ports, requests: { ...ports.requests, withStatus: away } })).rejects.toThrow('Away.');
  expect(figures).toEqual([]);
});

test('a revocation is outstanding after a minute, and an index that lags behind does not make it so', async () => {
  const { ports, clock, requests } = alertWorld(ending('done', '2026-11-22T10:04:02.000Z'));
  expect(await outstandingRevocations(ports)).toBe(0);
  await clock.turn(2_000);
  expect(await outstandingRevocations(ports)).toBe(1);
  const listed = [...requests.values()];
  requests.set(records.grantId, endedAt('2026-11-22T10:05:00.000Z', 'done'));
  const withStatus = async (status: string) => listed.filter((request) => request.status === status);
  expect(await outstandingRevocations({ ...ports, requests: { ...ports.requests, withStatus } })).toBe(0);
});

test('an alert that was answered with Revoke is outstanding until it is closed; one that was expected never is', async () => {
  const answeredWith = async (action: 'revoke' | 'expected'): Promise<number> => {
    const { ports, clock, theAlert, requests } = alertWorld();
    requests.clear();
    await detect(records.ownAssumption, ports);
    await answerAlert({ alertId: theAlert().id, personId: 'bob', action }, ports);
    await clock.turn(61_000);
    return outstandingRevocations(ports);
  };
  expect(await answeredWith('revoke')).toBe(1);
  expect(await answeredWith('expected')).toBe(0);
});
