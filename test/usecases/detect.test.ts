import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DaypassError } from '#core/errors.ts';
import { intendSession } from '#core/grant/grant.ts';
import { alertWorld, endedAt, session } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { detect } from '#usecases/alert/detect.ts';

test('a mint under a live grant raises nothing', async () => {
  const { ports, alerts } = alertWorld();
  await detect(records.mintInHub, ports);
  await detect(records.mintInTarget, ports);
  expect(alerts.size).toBe(0);
});

test('an assumption without a grant raises one alert, however often and in whatever order its copies come', async () => {
  const copies = [records.partnerInPartner, records.partnerInTarget];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...copies), { minLength: 1, maxLength: 6 }), async (deliveries) => {
      const { ports, theAlert, names } = alertWorld();
      for (const event of deliveries) await detect(event, ports);
      expect(theAlert()).toMatchObject({
        count: 1,
        status: 'open',
        detection: 'assumed-without-grant',
        severity: 'critical',
      });
      expect(names()).toEqual(['alert.raised']);
      const named = deliveries.includes(records.partnerInPartner);
      expect(theAlert().first.summary.includes('partner-admin')).toBe(named);
    }),
    { numRuns: 30 },
  );
});

test('two detectors that see the copies at the same moment raise one alert', async () => {
  const { ports, theAlert, names } = alertWorld();
  await Promise.all([detect(records.partnerInPartner, ports), detect(records.partnerInTarget, ports)]);
  expect(theAlert().count).toBe(1);
  expect(names()).toEqual(['alert.raised']);
});

test('the same caller again joins the alert; after a revocation it is a new one', async () => {
  const { ports, alerts, names } = alertWorld();
  const again = (eventID: string) => ({
    ...records.ownAssumption,
    detail: { ...(records.ownAssumption.detail as object), eventID },
  });
  await detect(records.ownAssumption, ports);
  await detect(again('own-2'), ports);
  expect(names()).toEqual(['alert.raised', 'alert.repeated']);
  const [first] = [...alerts.values()];
  if (!first) throw new Error('There is no alert.');
  alerts.set(first.id, {
    ...first,
    status: 'answered',
    answer: { action: 'revoke', at: '2026-11-22T10:06:00.000Z', by: 'bob' },
  });
  await detect(again('own-2'), ports);
  expect(alerts.size).toBe(1);
  await detect(again('own-3'), ports);
  expect(alerts.size).toBe(2);
  expect(names()).toEqual(['alert.raised', 'alert.repeated', 'alert.raised']);
});

test('credentials taken after somebody said Expected are a new alert', async () => {
  const { ports, alerts } = alertWorld();
  const again = (eventID: string, accessKeyId: string) => {
    const detail = records.ownAssumption.detail as { responseElements: { credentials: object } };
    const credentials = { ...detail.responseElements.credentials, accessKeyId };
    const responseElements = { ...detail.responseElements, credentials };
    return { ...records.ownAssumption, detail: { ...detail, eventID, responseElements } };
  };
  await detect(again('own-1', 'ASIA1'), ports);
  const [first] = [...alerts.values()];
  if (!first) throw new Error('There is no alert.');
  const answer = { action: 'expected' as const, at: '2026-11-22T10:06:00.000Z', by: 'bob' };
  alerts.set(first.id, { ...first, status: 'answered', answer });
  await detect(again('own-2', 'ASIA1'), ports);
  expect(alerts.size).toBe(1);
  await detect(again('own-3', 'ASIA2'), ports);
  expect([...alerts.values()].map(({ status }) => status)).toEqual(['answered', 'open']);
});

test('a session that Daypass never meant to mint is told, although a live grant stands behind its tags', async () => {
  const { ports, theAlert } = alertWorld();
  await detect(records.mintWith({ request: { roleSessionName: 'alice' }, record: { responseElements: null } }), ports);
  expect(theAlert().first.facts.Why).toBe('Daypass never meant to mint it');
});

test('a late event about a session that is long dead is explained by the session’s own item', async () => {
  const { ports, requests, alerts } = alertWorld();
  const live = requests.get(records.grantId);
  if (live?.status !== 'active') throw new Error('There is no live grant.');
  // Two hours later the grant knows of its newest session alone.
  const later = intendSession(live, '01KB000000000000000000000Y', '2026-11-22T12:00:00.000Z', 900).request;
  requests.set(later.id, later);
  expect(later.minted).toMatchObject({ count: 2, open: [{ mintId: '01KB000000000000000000000Y' }], batches: [] });
  await detect(records.mintInHub, ports);
  await detect(records.mintInTarget, ports);
  expect(alerts.size).toBe(0);
});

test('a forged grant tag is not looked up unless it can be one, and explains nothing', async () => {
  const { ports, theAlert } = alertWorld();
  const asked: string[] = [];
  const requests = {
    ...ports.requests,
    get: async (id: string) => {
      asked.push(id);
      return undefined;
    },
  };
  const forged = records.mintWith({ request: { tags: [{ key: 'daypass:grant', value: '../../etc' }] } });
  await detect(forged, { ...ports, requests });
  expect(asked).toEqual([]);
  expect(theAlert().first.facts.Why).toBe('the grant it names does not exist');
});

test('the session of an ended grant is found by its name, although its tag is in none of its events', async () => {
  const { ports, requests, theAlert } = alertWorld();
  requests.set(records.grantId, endedAt('2026-11-22T10:02:00.000Z', 'revoked'));
  await detect(records.use('2026-11-22T10:04:00Z', { errorCode: 'AccessDenied' }), ports);
  expect(theAlert()).toMatchObject({ detection: 'revoked-session-used', severity: 'low' });
  await detect(records.use('2026-11-22T10:04:30Z'), ports);
  expect(theAlert()).toMatchObject({ severity: 'critical', count: 2 });
});

test('sixty refused asks do not hide the session of a grant that was revoked before them', async () => {
  const { ports, requests, sessions, theAlert } = alertWorld();
  const revoked = endedAt('2026-11-22T10:02:00.000Z', 'revoked');
  const refused = Array.from({ length: 60 }, (_, index) => ({ ...revoked, id: `refused-${index}`, version: 1 }));
  for (const request of [...refused, revoked]) requests.set(request.id, request);
  // Newest first, and the ids of the refused are greater: the grant is not among what is listed of its person.
  expect((await ports.requests.ofPerson('alice')).map(({ id }) => id)).not.toContain(revoked.id);
  expect(sessions.size).toBe(1);
  await detect(records.use('2026-11-22T10:04:30Z'), ports);
  expect(theAlert()).toMatchObject({ detection: 'revoked-session-used', severity: 'critical' });
});

test('a session that goes by another name is found by its access key', async () => {
  const { ports, requests, sessions, theAlert } = alertWorld();
  requests.set(records.grantId, endedAt('2026-11-22T10:02:00.000Z', 'revoked'));
  const accessKeyId = 'ASIAEXAMPLE';
  sessions.set(session.mintId, { ...session, issued: { accessKeyId, expiresAt: session.expiresBy } });
  const use = records.use('2026-11-22T10:04:30Z', { name: 'renamed' });
  const { userIdentity } = use.detail as { userIdentity: object };
  await detect(
    { ...use, detail: { ...(use.detail as object), userIdentity: { ...userIdentity, accessKeyId } } },
    ports,
  );
  expect(theAlert()).toMatchObject({ detection: 'revoked-session-used', severity: 'critical' });
});

test('sixty refused asks do not hide one that an earlier version kept inside its request', async () => {
  const { ports, requests, sessions, theAlert } = alertWorld();
  const embedded = [...sessions.values()].map(({ requestId: _, personId: __, ...rest }) => rest);
  sessions.clear();
  const ended = { ...endedAt('2026-11-22T10:02:00.000Z', 'revoked'), sessions: embedded };
  for (let index = 10; index < 70; index++) {
    const id = `01KB00000000000000000001${index}`;
    requests.set(id, { ...endedAt('2026-11-22T10:02:00.000Z', 'revoked'), id, version: 1 });
  }
  requests.set(ended.id, ended);
  expect((await ports.requests.ofPerson('alice')).map(({ id }) => id)).not.toContain(ended.id);
  await detect(records.use('2026-11-22T10:04:30Z'), ports);
  expect(theAlert()).toMatchObject({ detection: 'revoked-session-used', severity: 'critical' });
});

test('a session that an earlier version kept inside its request is found there', async () => {
  const { ports, requests, sessions, theAlert } = alertWorld();
  const embedded = [...sessions.values()].map(({ requestId: _, personId: __, ...rest }) => rest);
  sessions.clear();
  const ended = { ...endedAt('2026-11-22T10:02:00.000Z', 'revoked'), sessions: embedded };
  requests.set(ended.id, ended);
  await detect(records.use('2026-11-22T10:04:30Z'), ports);
  expect(theAlert()).toMatchObject({ detection: 'revoked-session-used', severity: 'critical' });
});

test('a live grant’s session beside an ended one on the same role is nothing', async () => {
  const { ports, requests, alerts } = alertWorld();
  requests.set('other', { ...endedAt('2026-11-22T10:02:00.000Z', 'revoked'), id: 'other' });
  await detect(records.use('2026-11-22T10:04:30Z'), ports);
  expect(alerts.size).toBe(0);
});

test('an event that cannot be read is told to people, once', async () => {
  const { ports, theAlert } = alertWorld();
  const broken = { source: 'aws.iam', account: '222222222222', detail: { eventName: 'DeleteRole' } };
  await detect(broken, ports);
  await detect(broken, ports);
  expect(theAlert()).toMatchObject({ detection: 'unparsed-event', severity: 'low', count: 1 });
});

test('a database that does not answer is an error, so that the event is delivered again', async () => {
  const { ports } = alertWorld();
  const get = async () => {
    throw new DaypassError('StoreUnavailable', 'Away.');
  };
  await expect(detect(records.mintInHub, { ...ports, requests: { ...ports.requests, get } })).rejects.toThrow('Away.');
});
