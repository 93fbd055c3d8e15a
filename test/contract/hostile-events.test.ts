import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '#core/detection/finding.ts';
import { trailDetections } from '#core/detection/registry.ts';
import { sha256 } from '#core/sha256.ts';
import { policy } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { tableStores } from '#test/kit/stores/table-stores.ts';
import { startTable } from '#test/kit/table.ts';
import { openWorld, type World } from '#test/kit/world.ts';
import { detect } from '#usecases/alert/detect.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';

/** What others wrote reaches the database as it is, so these look at the real one. */
let world: World;
let stop: () => Promise<void>;
beforeAll(async () => {
  const started = await startTable();
  stop = started.stop;
  world = openWorld({ policy, stores: tableStores(started.table) });
});
afterAll(() => stop());

const openAlerts = () => world.ports.alerts.open();
const told = async (eventId: string) => (await openAlerts()).find(({ seen }) => seen.includes(eventId));

/** Somebody took the role past Daypass, with this in place of one part of it. */
const taken = (eventID: string, { request = {}, ...record }: Record<string, unknown> & { request?: object }) => ({
  ...records.ownAssumption,
  detail: {
    ...(records.ownAssumption.detail as object),
    eventID,
    ...record,
    requestParameters: { roleArn: records.ordersAdmin, roleSessionName: 'oops', ...request },
  },
});

test('a session tag whose cut would fall inside a character is told like any other', async () => {
  await detect(
    taken('cut-1', { request: { tags: [{ key: 'a', value: `${'a'.repeat(240)}${'𝕏'.repeat(8)}` }] } }),
    world.ports,
  );
  expect(await told('cut-1')).toMatchObject({ detection: 'assumed-without-grant', severity: 'critical' });
});

test.each([
  ['half a character', '\ud835'],
  ['a zero byte', 'a\u0000b'],
  ['a text of a million letters', '𝕏'.repeat(500_000)],
])('%s in every text of an event hides nothing', async (_, text) => {
  const eventId = `text-${text.length}-${text.codePointAt(0)}`;
  const event = taken(eventId, {
    userAgent: text,
    sourceIPAddress: text,
    awsRegion: text,
    request: { roleSessionName: text, sourceIdentity: text, tags: [{ key: text, value: text }] },
    userIdentity: { type: 'IAMUser', principalId: text, arn: text, accountId: text, accessKeyId: text, userName: text },
    responseElements: { assumedRoleUser: { assumedRoleId: text }, credentials: { accessKeyId: text } },
  });
  await detect(event, world.ports);
  expect(await told(eventId)).toMatchObject({ detection: 'assumed-without-grant' });
});

const finding: Finding = {
  detection: 'assumed-without-grant',
  severity: 'critical',
  dedupKey: 'k',
  summary: 'Something.',
  at: '2026-11-22T10:05:00.000Z',
  eventId: 'large-1',
  accountId: '222222222222',
  roleArn: records.ordersAdmin,
  session: { userId: 'AROAORDERSADMIN00001:oops', expiresBy: '2026-11-22T11:00:00.000Z' },
  facts: {},
};

test('a finding larger than an item may be is told by its ids, and can be revoked by them', async () => {
  const large = { ...finding, summary: 'x'.repeat(500_000) };
  await raiseAlert(large, world.ports);
  await raiseAlert(large, world.ports);
  const alert = await told('large-1');
  expect(alert).toMatchObject({
    count: 1,
    detection: 'assumed-without-grant',
    severity: 'critical',
    sessions: [{ userId: 'AROAORDERSADMIN00001:oops' }],
    first: { roleArn: records.ordersAdmin, facts: { 'Event id': 'large-1' } },
  });
  expect(alert?.first.summary).toContain('could not be stored as it was');
  expect(world.logged()).toContain('A finding cannot be stored as it is');
});

test('ids that are none are not repeated where the finding is told by its ids', async () => {
  await raiseAlert(
    { ...finding, dedupKey: 'other', eventId: 'large-2 \ud800', summary: 'x'.repeat(500_000) },
    world.ports,
  );
  const [alert] = (await openAlerts()).filter(({ first }) => first.eventId.startsWith('sha256-'));
  expect(alert?.first.facts['Event id']).toMatch(/^sha256-[0-9a-f]{32}$/);
});

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '\ud835', '\udd4f\ud835', '\u0000', '__proto__', '𝕏'.repeat(3000), 'a'.repeat(70_000)),
);
const deep = fc
  .integer({ min: 1, max: 3000 })
  .map((depth) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown);
const hostile = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 1e-320, 123_456_789_012_345_680_000, [], {}),
  fc.dictionary(hostileText, hostileText),
  fc.array(fc.record({ key: hostileText, value: hostileText })),
  deep,
);

/** A long id is kept as its digest. */
const asSeen = (eventId: string): string =>
  eventId.length <= 128 ? eventId : `sha256-${sha256(eventId).slice(0, 32)}`;

const samples = trailDetections.flatMap((detection) => detection.samples.hits.map(({ event }) => event));

/** Everywhere in an event that something stands, as the way to it. */
const placesIn = (value: unknown, way: readonly string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => [[...way, key], ...placesIn(member, [...way, key])])
    : [];

const withAt = (value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown => {
  if (key === undefined) return put;
  const members = value as Record<string, unknown>;
  return Array.isArray(value)
    ? value.map((each, index) => (String(index) === key ? withAt(each, rest, put) : each))
    : { ...members, [key]: withAt(members[key], rest, put) };
};

const changed = fc.constantFrom(...samples).chain((sample) =>
  fc.array(fc.tuple(fc.constantFrom(...placesIn(sample)), hostile), { minLength: 1, maxLength: 4 }).map((changes) =>
    changes.reduce<unknown>((event, [place, put]) => {
      const parent = place
        .slice(0, -1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], event);
      return typeof parent === 'object' && parent !== null ? withAt(event, place, put) : event;
    }, sample),
  ),
);

test('no event makes the detector fail, and whatever it finds in one is stored or told by its ids', async () => {
  await fc.assert(
    fc.asyncProperty(changed, async (event) => {
      const findings = await detect(event, world.ports);
      const known = (await openAlerts()).flatMap(({ seen }) => seen);
      for (const { eventId } of findings) expect(known).toContain(asSeen(eventId));
    }),
    { numRuns: 150 },
  );
}, 120_000);
