import { expect, test } from 'vitest';
import { alertCard } from '#slack/render/alert-card.ts';
import { alertWorld, policy } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { detect } from '#usecases/alert/detect.ts';

type Who = { caller?: string; session?: string };

/** The role was taken past Daypass, under a name of its own and with keys of its own each time. */
const taken = (index: number, { caller = 'AIDAPRODUCTIONADMIN01', session = `name-${index}` }: Who = {}) => {
  const detail = records.ownAssumption.detail as { userIdentity: object; responseElements: object };
  return {
    ...records.ownAssumption,
    detail: {
      ...detail,
      eventID: `taken-${index}`,
      userIdentity: { ...detail.userIdentity, principalId: caller, arn: `arn:aws:iam::222222222222:user/${caller}` },
      requestParameters: { roleArn: records.ordersAdmin, roleSessionName: session },
      responseElements: {
        credentials: { accessKeyId: `ASIA${index}`, expiration: 'Nov 22, 2026, 11:00:00 AM' },
        assumedRoleUser: {
          assumedRoleId: `AROAORDERSADMIN00001:${session}`,
          arn: `arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/${session}`,
        },
      },
    },
  };
};

const stormOf = async (events: readonly unknown[]) => {
  const world = alertWorld();
  for (const event of events) await detect(event, world.ports);
  const alerts = [...world.alerts.values()];
  const counted = alerts.reduce((sum, { count }) => sum + count, 0);
  const accounted = new Set(alerts.flatMap(({ seen }) => seen));
  const names = world.names();
  return { world, alerts, counted, accounted, raised: names.filter((name) => name === 'alert.raised').length, names };
};

const thousand = Array.from({ length: 1000 }, (_, index) => index);

test('a thousand assumptions by one caller are six alerts, each event counted in one of them', async () => {
  const { alerts, counted, accounted, raised, names } = await stormOf(thousand.map((index) => taken(index)));
  // Each of them is one card and one execution.
  expect([alerts.length, raised]).toEqual([6, 6]);
  expect([counted, accounted.size]).toEqual([1000, 1000]);
  expect(names.filter((name) => name === 'alert.repeated').length).toBeLessThanOrEqual(20);
  const storm = alerts.at(-1);
  expect(storm).toMatchObject({
    count: 995,
    first: { holds: 'further of caller', eventId: 'taken-5' },
    callers: ['arn:aws:iam::222222222222:user/AIDAPRODUCTIONADMIN01'],
  });
  expect(storm?.sessions).toHaveLength(50);
  const card = JSON.stringify(storm && alertCard(policy, storm));
  expect(card).toContain('this one holds all further ones: 995');
  expect(card).toContain('By: arn:aws:iam::222222222222:user/AIDAPRODUCTIONADMIN01');
});

test('a thousand callers are at most twenty-one alerts, and the last of them holds all that are left', async () => {
  const { alerts, counted, accounted, raised } = await stormOf(
    thousand.map((index) => taken(index, { caller: `AIDA${index}` })),
  );
  expect([alerts.length, raised]).toEqual([21, 21]);
  expect([counted, accounted.size]).toEqual([1000, 1000]);
  expect(alerts.at(-1)).toMatchObject({ count: 980, first: { holds: 'further of role' } });
  expect(alerts.at(-1)?.callers).toHaveLength(20);
});

test('two hundred callers with many sessions each stay within the same bound', async () => {
  const { alerts, counted } = await stormOf(thousand.map((index) => taken(index, { caller: `AIDA${index % 200}` })));
  expect(alerts.length).toBe(21);
  expect(counted).toBe(1000);
});

test('the same storm delivered again, in another order, is nothing', async () => {
  const events = thousand.slice(0, 60).map((index) => taken(index));
  const { world, alerts } = await stormOf(events);
  for (const event of events.toReversed()) await detect(event, world.ports);
  expect([...world.alerts.values()]).toEqual(alerts);
});

test('what one caller floods keeps nobody else’s deed from an alert of its own', async () => {
  const { world, alerts } = await stormOf(thousand.slice(0, 100).map((index) => taken(index)));
  await detect(taken(2000, { caller: 'AIDASOMEBODYELSE' }), world.ports);
  expect(world.alerts.size).toBe(alerts.length + 1);
  expect([...world.alerts.values()].at(-1)).toMatchObject({ count: 1, first: { eventId: 'taken-2000' } });
});
