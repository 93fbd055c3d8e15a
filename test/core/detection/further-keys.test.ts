import { expect, test } from 'vitest';
import { normalise } from '#core/detection/normalise.ts';
import { trailSample } from '#core/detection/sample-records.ts';
import { active, alertWorld, endedAt, session } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { detect } from '#usecases/alert/detect.ts';
import { brief } from './found.ts';

/** The session that was minted for alice, by keys that it made of itself: another key, everything else the same. */
const byFurtherKeys = (at: string, record: object = {}) => {
  const use = records.use(at);
  const detail = use.detail as { userIdentity: object };
  return {
    ...use,
    detail: {
      ...detail,
      eventID: `further-${at}`,
      userIdentity: { ...detail.userIdentity, accessKeyId: 'ASIAFURTHERKEYS00001' },
      ...record,
    },
  };
};
const making = { eventSource: 'sts.amazonaws.com', eventName: 'GetScopedCredentials' };

test('further keys of a session of ours are explained while its grant is live: made and used', async () => {
  const { ports, alerts, sessions } = alertWorld(active);
  sessions.set(session.mintId, {
    ...session,
    issued: { accessKeyId: 'ASIAMINTED0000000001', expiresAt: session.expiresBy },
  });
  await detect(byFurtherKeys('2026-11-22T10:04:00Z', making), ports);
  await detect(byFurtherKeys('2026-11-22T10:04:30Z'), ports);
  expect(alerts.size).toBe(0);
});

test('what they do after the end of the grant is told like what the minted keys do', async () => {
  const { ports, theAlert } = alertWorld(endedAt('2026-11-22T10:02:00.000Z', 'revoked'));
  await detect(byFurtherKeys('2026-11-22T10:04:30Z'), ports);
  expect(theAlert()).toMatchObject({
    detection: 'revoked-session-used',
    severity: 'critical',
    sessions: [{ grantId: records.grantId, accessKeyId: 'ASIAFURTHERKEYS00001' }],
  });
});

test('keys that an ended session makes of itself are a use of it', async () => {
  const { ports, theAlert } = alertWorld(endedAt('2026-11-22T10:02:00.000Z', 'revoked'));
  await detect(byFurtherKeys('2026-11-22T10:04:30Z', making), ports);
  expect(theAlert()).toMatchObject({ detection: 'revoked-session-used', severity: 'critical' });
});

const acquired = (record: Record<string, unknown>) =>
  trailSample('iam', 'AcquireRole', '222222222222', { userIdentity: { type: 'IAMUser', arn: 'x' }, ...record });

test.each([
  ['its request', { requestParameters: { roleName: 'daypass-jit-orders-admin' } }],
  ['its answer', { responseElements: { role: { roleName: 'Daypass-Jit-Orders-Admin' } } }],
  ['its answer’s ARN', { responseElements: { role: { arn: records.ordersAdmin } } }],
])('a role that AWS made from a template is told by the name in %s', (_, record) => {
  expect(brief(acquired(record))).toEqual(['trust-changed critical']);
});

test('one of another name is nothing, and one that says no name is told as unread', () => {
  expect(brief(acquired({ responseElements: { role: { roleName: 'build-agent' } } }))).toEqual([]);
  expect(normalise(acquired({ requestParameters: { template: 'x' } }))).toMatchObject({
    unparsed: 'a role was changed and the event does not say which',
    change: { name: 'AcquireRole' },
  });
});
