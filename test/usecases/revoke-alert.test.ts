import { expect, test } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import { alertWorld, endedAt } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { withPorts } from '#test/kit/world.ts';
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

test('a session that a role’s session asked for is denied for its hour, any other for as long as a console session lives', async () => {
  const byUser = await withAlert();
  expect(byUser.theAlert().sessions).toMatchObject([
    { expiresBy: '2026-11-22T10:15:01.000Z', deadBy: '2026-11-22T22:30:01.000Z' },
  ]);
  const forged = { request: { sourceIdentity: 'bob', roleSessionName: 'x' } };
  const byRole = await withAlert(records.mintWith(forged));
  expect(byRole.theAlert().sessions).toMatchObject([{ deadBy: '2026-11-22T10:15:01.000Z' }]);
  // The target account's copy tells an account, and nobody knows who of it asked.
  const unknown = await withAlert(records.partnerInTarget);
  expect(unknown.theAlert().sessions).toMatchObject([{ deadBy: '2026-11-22T22:30:01.000Z' }]);
  for (const { ports, alertId, ledgers, theAlert } of [byUser, byRole, unknown]) {
    await revokeAlert({ alertId }, ports);
    const [entry] = ledgers.get(records.ordersAdmin)?.entries ?? [];
    expect(entry?.coversUntil).toBe(theAlert().sessions[0]?.deadBy);
  }
});

/** An alert in which so many sessions were found. */
const storm = async (sessions: number) => {
  const world = alertWorld();
  const assumption = (index: number) => ({
    ...records.ownAssumption,
    detail: {
      ...(records.ownAssumption.detail as object),
      eventID: `storm-${index}`,
      responseElements: {
        credentials: { accessKeyId: `ASIASTORM${index}`, expiration: 'Nov 22, 2026, 11:04:01 AM' },
        assumedRoleUser: {
          assumedRoleId: 'AROAORDERSADMIN00001:oops',
          arn: 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/oops',
        },
      },
    },
  });
  await detect(assumption(0), world.ports);
  const { id } = world.theAlert();
  const session = (index: number) => ({
    userId: `AROAORDERSADMIN00001:s${index}`,
    expiresBy: '2026-11-22T11:00:00.000Z',
  });
  world.alerts.set(id, {
    ...world.theAlert(),
    count: sessions,
    sessions: Array.from({ length: Math.min(sessions, 50) }, (_, index) => session(index)),
  });
  return { ...world, alertId: id };
};

test('of 50 sessions each is denied by its name and nobody else; of the 51st on the whole role is, and the text says so', async () => {
  const fifty = await storm(50);
  await answerAlert({ alertId: fifty.alertId, personId: 'bob', action: 'revoke' }, fifty.ports);
  expect(await revokeAlert({ alertId: fifty.alertId }, fifty.ports)).toEqual({
    result: 'The 50 sessions are denied, and the deny was read back from the role.',
  });
  expect(fifty.ledgers.get(records.ordersAdmin)).not.toHaveProperty('watermark');
  // One statement for all that were revoked at the same moment; by one each they would not fit.
  expect(statements(fifty)).toMatchObject([
    { Condition: { StringEquals: { 'aws:userid': expect.arrayContaining(['AROAORDERSADMIN00001:s49']) } } },
  ]);

  const more = await storm(51);
  await answerAlert({ alertId: more.alertId, personId: 'bob', action: 'revoke' }, more.ports);
  expect(await revokeAlert({ alertId: more.alertId }, more.ports)).toEqual({
    result:
      'There were more sessions than the 50 that an alert keeps, so the whole role was revoked: every session that began before the answer is denied, and the deny was read back from the role. Grants on it go on, and mint again.',
  });
  expect(statements(more)).toContainEqual({
    Sid: 'DaypassEverySession',
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T10:05:31.000Z' } },
  });
  expect(more.ledgers.get(records.ordersAdmin)).toMatchObject({
    // Any of them may have lived for 12 hours, and be a console session of 12 more.
    watermark: { coversUntil: '2026-11-23T10:20:01.000Z', cause: { kind: 'alert' } },
  });
});

const answers: readonly [string, () => ReturnType<typeof storm>][] = [
  ['one session', async () => withAlert()],
  ['more sessions than it names', () => storm(51)],
  ['a changed trust policy', async () => withAlert(records.trustUpdate)],
  ['a deleted deny', async () => withAlert(records.denyDeleted)],
];
const revoked = { userId: 'AROA:x', revokedAt: '2026-11-22T10:01:00.000Z', coversUntil: '2026-11-22T11:00:00.000Z' };

test.each(answers)('Revoke on %s says "read back" only of what stands on the role', async (_, open) => {
  const world = await open();
  const { alertId, ports } = world;
  // Something that is revoked already, so that there is a deny to put back.
  world.ledgers.set(records.ordersAdmin, {
    ...{ roleArn: records.ordersAdmin, version: 1, entriesVersion: 1, appliedVersion: 0 },
    entries: [revoked],
  });
  // IAM says that it wrote, and the role does not show it.
  const writeDeny = async () => 'written' as const;
  const forgetful = withPorts(ports, { targetRoles: { writeDeny } });
  await expect(revokeAlert({ alertId }, forgetful)).rejects.toMatchObject({ name: 'DenyNotInForce' });
  expect(world.denies.size).toBe(0);

  const { result } = await revokeAlert({ alertId }, ports);
  expect(result).toContain('read back');
  expect(world.denies.get(records.ordersAdmin)).toContain('AROA:x');

  // A role that is gone shows nothing, so nothing of it was read back.
  world.denies.clear();
  const goneRole = { readDeny: async () => undefined, writeDeny: async () => 'role-gone' as const };
  const gone = await revokeAlert({ alertId }, withPorts(ports, { targetRoles: goneRole }));
  expect(gone.result).toMatch(/^The role is not there any more/);
  expect(gone.result).not.toContain('read back');
});

test('a forged grant tag does not make Revoke end that grant', async () => {
  const world = await withAlert(records.mintWith({ request: { sourceIdentity: 'bob', roleSessionName: 'x' } }));
  await revokeAlert({ alertId: world.alertId }, world.ports);
  expect(statements(world)).toMatchObject([{ Condition: { StringEquals: { 'aws:userid': expect.any(String) } } }]);
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
