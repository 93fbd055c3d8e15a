import { expect, test } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import { alertWorld, endedAt } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { answerAlert } from '#usecases/alert/answer-alert.ts';
import { closeAlert } from '#usecases/alert/close-alert.ts';
import { detect } from '#usecases/alert/detect.ts';
import { expireAlert } from '#usecases/alert/expire-alert.ts';
import { reportAlertFailure } from '#usecases/alert/report-alert-failure.ts';
import { revokeAlert } from '#usecases/alert/revoke-alert.ts';
import { settleAlerts } from '#usecases/alert/settle-alerts.ts';

const withAlert = async (event: unknown = records.ownAssumption) => {
  const world = alertWorld();
  await detect(event, world.ports);
  return { ...world, alertId: world.theAlert().id };
};

/** The statements of the deny policy as the role has it. */
const statements = (world: { denies: Map<string, string> }): unknown =>
  (JSON.parse(world.denies.get(records.ordersAdmin) ?? '{}') as { Statement?: unknown }).Statement;

test('Revoke denies that session by its aws:userid and time of issue, and nobody else', async () => {
  const world = await withAlert();
  await answerAlert({ alertId: world.alertId, personId: 'bob', action: 'revoke' }, world.ports);
  await world.clock.turn(5_000);
  const { result } = await revokeAlert({ alertId: world.alertId }, world.ports);
  expect(result).toBe('The session is denied, and the deny was read back from the role.');
  expect(statements(world)).toMatchObject([
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:userid': 'AROAORDERSADMIN00001:oops' },
        DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:05:31.000Z' },
      },
    },
  ]);
});

test('a forged grant tag does not make Revoke end that grant', async () => {
  const world = await withAlert(records.mintWith({ request: { sourceIdentity: 'bob', roleSessionName: 'x' } }));
  await revokeAlert({ alertId: world.alertId }, world.ports);
  expect(JSON.stringify(statements(world))).not.toContain('PrincipalTag');
});

test('Revoke on a session of an ended grant puts the grant’s deny in force again', async () => {
  const world = alertWorld();
  world.requests.set(records.grantId, endedAt('2026-11-22T10:02:00.000Z', 'revoked'));
  await detect(records.use('2026-11-22T10:04:00Z'), world.ports);
  await revokeAlert({ alertId: world.theAlert().id }, world.ports);
  expect(statements(world)).toMatchObject([
    { Condition: { StringEquals: { 'aws:PrincipalTag/daypass:grant': [records.grantId] } } },
  ]);
});

test('Revoke on a deleted deny policy writes it again from the ledger', async () => {
  const world = await withAlert();
  await revokeAlert({ alertId: world.alertId }, world.ports);
  const before = world.denies.get(records.ordersAdmin);
  world.denies.clear();
  await detect(records.denyDeleted, world.ports);
  const tampered = [...world.alerts.values()].find((alert) => alert.detection === 'deny-policy-tampered');
  await revokeAlert({ alertId: tampered?.id ?? '' }, world.ports);
  expect(before).toBeDefined();
  expect(world.denies.get(records.ordersAdmin)).toBe(before);
});

test('revoking and closing twice are nothing', async () => {
  const { alertId, ports, names, theAlert } = await withAlert();
  await answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports);
  const { result } = await revokeAlert({ alertId }, ports);
  await revokeAlert({ alertId }, ports);
  await closeAlert({ alertId, result }, ports);
  await closeAlert({ alertId, result: 'Something else.' }, ports);
  expect(theAlert()).toMatchObject({
    status: 'closed',
    result: 'The session is denied, and the deny was read back from the role.',
  });
  expect(names()).toEqual(['alert.raised', 'alert.answered', 'alert.closed']);
});

test('a critical alert that nobody answers is revoked by the policy; any other closes unanswered', async () => {
  const critical = await withAlert();
  expect(await expireAlert({ alertId: critical.alertId }, critical.ports)).toEqual({ action: 'revoke' });
  expect(critical.theAlert()).toMatchObject({ status: 'answered', answer: { action: 'revoke' } });
  expect('by' in (critical.theAlert() as { answer: object }).answer).toBe(false);
  const boundary = await withAlert(records.boundaryDeleted);
  expect(await expireAlert({ alertId: boundary.alertId }, boundary.ports)).toEqual({ action: 'unanswered' });
  const late = await withAlert(records.mintWith({ record: { eventTime: '2026-11-22T10:07:00Z' } }));
  expect(late.theAlert().severity).toBe('high');
  expect(await expireAlert({ alertId: late.alertId }, late.ports)).toEqual({ action: 'unanswered' });
});

test('an answer that came just before the time was up stands', async () => {
  const { alertId, ports } = await withAlert();
  await answerAlert({ alertId, personId: 'bob', action: 'expected' }, ports);
  expect(await expireAlert({ alertId }, ports)).toEqual({ action: 'expected' });
});

test('a revocation that fails stays visible, and is settled once the role can be reached', async () => {
  const world = await withAlert();
  const { alertId, ports, clock, unreachable, theAlert, executions } = world;
  unreachable.add(records.ordersAdmin);
  await answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports);
  await expect(revokeAlert({ alertId }, ports)).rejects.toMatchObject({ name: 'RoleUnavailable' });
  await reportAlertFailure({ alertId, error: 'RoleUnavailable' }, ports);
  expect(theAlert()).toMatchObject({ status: 'answered', failure: { error: 'RoleUnavailable' } });
  executions.set(alertId, 'ended');
  await clock.turn(61_000);
  await settleAlerts(ports);
  expect(theAlert()).toMatchObject({
    status: 'answered',
    failure: { error: `${records.ordersAdmin} cannot be reached.` },
  });
  unreachable.clear();
  expect(await settleAlerts(ports)).toEqual([alertId]);
  expect(theAlert()).toMatchObject({ status: 'closed', answer: { action: 'revoke', by: 'bob' } });
  expect(statements(world)).toHaveLength(1);
});

test('an alert that can neither be settled nor reported does not keep the others waiting', async () => {
  const world = await withAlert(records.trustUpdate);
  const { alertId: broken, ports, clock, alerts, workflow } = world;
  await detect(records.ownAssumption, ports);
  const other = [...alerts.keys()].find((id) => id !== broken);
  await clock.turn(61_000);
  const away = (): never => {
    throw new DaypassError('StoreUnavailable', 'Away.');
  };
  const status = async (_machine: string, id: string) => (id === broken ? away() : ('absent' as const));
  const get = async (id: string) => (id === broken ? away() : alerts.get(id));
  const logged: unknown[] = [];
  const log = { ...ports.log, error: (_message: string, about?: unknown) => logged.push(about) };
  const settled = await settleAlerts({
    ...ports,
    log,
    alerts: { ...ports.alerts, get },
    workflows: { ...ports.workflows, status },
  });
  expect(settled).toEqual([other]);
  expect(workflow).toEqual([`start alert-response ${other}`]);
  expect(logged).toContainEqual({ alertId: broken, error: 'Away.', because: 'Away.' });
});

test('nobody can revoke a session of the revoker from its alert: people are told to do it in the account', async () => {
  const { alertId, ports, denies } = await withAlert(records.revokerTakenByAdmin);
  expect(await answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports)).toMatchObject({ ok: false });
  expect(await expireAlert({ alertId }, ports)).toEqual({ action: 'unanswered' });
  expect((await revokeAlert({ alertId }, ports)).result).toContain('in the account');
  expect(denies.size).toBe(0);
});

test('an alert whose execution was never begun is begun; one that was stopped is answered when its time is up', async () => {
  const { alertId, ports, clock, workflow, theAlert, executions } = await withAlert();
  await clock.turn(60_000);
  expect(await settleAlerts(ports)).toEqual([]);
  await clock.turn(1_000);
  expect(await settleAlerts(ports)).toEqual([alertId]);
  expect(workflow).toEqual([`start alert-response ${alertId}`]);
  executions.set(alertId, 'ended');
  expect(await settleAlerts(ports)).toEqual([]);
  await clock.turn(540_000);
  executions.set(alertId, 'running');
  expect(await settleAlerts(ports)).toEqual([]);
  executions.set(alertId, 'ended');
  expect(await settleAlerts(ports)).toEqual([alertId]);
  expect(theAlert()).toMatchObject({ status: 'closed', answer: { action: 'revoke' } });
});
