import { expect, it } from 'vitest';
import { iamUser } from '#core/detection/sample-records.ts';
import { assumption } from '#core/detection/sample-world.ts';
import { alertWorld } from '#test/fixtures/alert-world.ts';
import { detect } from '#usecases/alert/detect.ts';

const which = { accountId: '222222222222', sessionName: 'doctor-1' };
const taken = assumption(iamUser('111111111111', 'hub-admin'), 'daypass-canary', { roleSessionName: 'doctor-1' });
const detail = taken.detail as Record<string, unknown>;

it('an assumption of the canary is put down as seen, and raises nothing', async () => {
  const { ports, alerts } = alertWorld();
  await detect(taken, ports);
  expect(await ports.canaries.get(which)).toMatchObject(which);
  expect(alerts.size).toBe(0);
});

it('the copy of the account from which it was taken shows nothing', async () => {
  const { ports } = alertWorld();
  await detect({ ...taken, account: '111111111111', detail: { ...detail, recipientAccountId: '111111111111' } }, ports);
  expect(await ports.canaries.get(which)).toBeUndefined();
});

it('a refused assumption of it, and one of another role, show nothing', async () => {
  const { ports } = alertWorld();
  await detect({ ...taken, detail: { ...detail, errorCode: 'AccessDenied', responseElements: null } }, ports);
  await detect(assumption(iamUser('111111111111', 'hub-admin'), 'deployer', { roleSessionName: 'doctor-1' }), ports);
  expect(await ports.canaries.get(which)).toBeUndefined();
});
