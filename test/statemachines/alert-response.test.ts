import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { build as closeAlert } from '#functions/close-alert/handler.ts';
import { build as expireAlert } from '#functions/expire-alert/handler.ts';
import { build as reportAlertFailure } from '#functions/report-alert-failure/handler.ts';
import { build as revokeAlert } from '#functions/revoke-alert/handler.ts';
import { systemEntropy } from '#local/states/entropy.ts';
import type { Ports } from '#ports/ports.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import { alertWorld } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { createRig, named } from '#test/local/states/rig.ts';
import { answerAlert } from '#usecases/alert/answer-alert.ts';
import { detect } from '#usecases/alert/detect.ts';

const names = ['hold-gate', 'expire-alert', 'revoke-alert', 'close-alert', 'report-alert-failure'];
const answerBy = '2026-11-22T10:15:01.000Z';

/** An alert with its execution waiting for an answer: the deployed machine and handlers on the embedded engine. */
const waiting = async (options: { event?: unknown; holdFails?: true } = {}) => {
  const world = alertWorld();
  await detect(options.event ?? records.ownAssumption, world.ports);
  const alertId = world.theAlert().id;
  const ports = world.ports as Partial<Ports> as Ports;
  const tokens: string[] = [];
  const handlers: Record<string, (event: unknown, context: Context) => Promise<unknown>> = {
    'revoke-alert': revokeAlert(ports),
    'close-alert': closeAlert(ports),
    'expire-alert': expireAlert(ports),
    'report-alert-failure': reportAlertFailure(ports),
    'hold-gate': async (event) => {
      if (options.holdFails) throw named('TypeError', 'broken');
      tokens.push((event as { taskToken: string }).taskToken);
      return {};
    },
  };
  const rig = createRig({
    clock: world.clock,
    entropy: { ...systemEntropy, unit: () => 0.5 },
    invoke: async (name, payload) => handlers[name]?.(payload, { getRemainingTimeInMillis: () => 30_000 } as Context),
  });
  rig.deploy(
    substitute(stateMachines['alert-response'], Object.fromEntries(names.map((name) => [name, name]))),
    'alert-response',
  );
  const arn = await rig.start({ answerBy }, alertId, 'alert-response');
  const answer = async (action: 'revoke' | 'expected') => {
    await answerAlert({ alertId, personId: 'bob', action }, world.ports);
    await rig.call('SendTaskSuccess', { taskToken: tokens[0], output: JSON.stringify({ action }) });
  };
  const entered = async (): Promise<string[]> =>
    (await rig.history(arn)).flatMap((event) => {
      const details = event.stateEnteredEventDetails as { name: string } | undefined;
      return details ? [details.name] : [];
    });
  return { ...world, rig, arn, answer, entered };
};

test('Revoke by a person denies the session and closes the alert', async () => {
  const { rig, arn, answer, entered, theAlert, denies } = await waiting();
  await answer('revoke');
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await entered()).toEqual(['AwaitAnswer', 'WasRevokeAsked', 'RevokeAlert', 'CloseAlert']);
  expect(theAlert()).toMatchObject({
    status: 'closed',
    answer: { action: 'revoke', by: 'bob' },
    result: 'The session is denied, and the deny was read back from the role.',
  });
  expect(denies.get(records.ordersAdmin)).toContain('AROAORDERSADMIN00001:oops');
});

test('Expected closes the alert and touches no role', async () => {
  const { rig, arn, answer, theAlert, denies } = await waiting();
  await answer('expected');
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(theAlert()).toMatchObject({ status: 'closed', result: 'It was expected.' });
  expect(denies.size).toBe(0);
});

test('a critical alert that nobody answers is revoked when its time is up, not before', async () => {
  const { rig, arn, clock, theAlert, denies } = await waiting();
  await clock.turn(599_000);
  expect(theAlert().status).toBe('open');
  await clock.turn(2_000);
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(theAlert()).toMatchObject({ status: 'closed', answer: { action: 'revoke' } });
  expect(denies.size).toBe(1);
});

test('one without a session to revoke closes unanswered', async () => {
  const { rig, arn, clock, theAlert } = await waiting({ event: records.boundaryDeleted });
  await clock.turn(601_000);
  await rig.ended(arn);
  expect(theAlert()).toMatchObject({ status: 'closed', answer: { action: 'unanswered' } });
});

test('where the answer cannot be waited for, people still get their time and their answer counts', async () => {
  const { clock, rig, arn, theAlert, ports } = await waiting({ holdFails: true });
  await clock.turn(60_000);
  expect(theAlert().status).toBe('open');
  await answerAlert({ alertId: theAlert().id, personId: 'bob', action: 'expected' }, ports);
  await clock.turn(600_000);
  await rig.ended(arn);
  expect(theAlert()).toMatchObject({ status: 'closed', answer: { action: 'expected', by: 'bob' } });
});

test('a revocation that never succeeds fails the execution and stays visible on the alert', async () => {
  const { clock, rig, arn, answer, theAlert, unreachable, entered } = await waiting();
  unreachable.add(records.ordersAdmin);
  await answer('revoke');
  // Each attempt is asked for only once the one before has failed, so the clock is turned bit by bit.
  for (let turns = 0; turns < 40 && theAlert().status === 'answered' && !('failure' in theAlert()); turns++)
    await clock.turn(30_000);
  expect(await rig.ended(arn)).toMatchObject({ status: 'FAILED', error: 'AlertFailed' });
  expect((await entered()).at(-1)).toBe('AlertFailed');
  expect(theAlert()).toMatchObject({
    status: 'answered',
    failure: { error: expect.stringContaining('RoleUnavailable') },
  });
});
