import { expect, test } from 'vitest';
import { alertWorld, endedAt } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { answerAlert } from '#usecases/alert/answer-alert.ts';
import { detect } from '#usecases/alert/detect.ts';

const withAlert = async (event: unknown = records.ownAssumption) => {
  const world = alertWorld();
  await detect(event, world.ports);
  const alertId = world.theAlert().id;
  const answer = (personId: string, action: 'revoke' | 'expected') =>
    answerAlert({ alertId, personId, action }, world.ports);
  return { ...world, answer };
};

test('the first answer counts, and is published once', async () => {
  const { answer, theAlert, names } = await withAlert();
  expect(await answer('bob', 'revoke')).toMatchObject({ ok: true, value: { status: 'answered' } });
  expect(theAlert()).toMatchObject({ answer: { action: 'revoke', by: 'bob', at: '2026-11-22T10:05:01.000Z' } });
  expect(await answer('bob', 'revoke')).toMatchObject({ ok: true });
  expect(names()).toEqual(['alert.raised', 'alert.answered']);
});

test('the same answer again publishes what the first could not, where its own answer was lost', async () => {
  const world = alertWorld();
  await detect(records.ownAssumption, world.ports);
  const alertId = world.theAlert().id;
  const publishedAgain: (string | undefined)[] = [];
  const publishLeftovers = async (id?: string) => publishedAgain.push(id);
  const ports = { ...world.ports, outbox: { ...world.ports.outbox, publishLeftovers } };
  await answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports);
  expect(publishedAgain).toEqual([]);
  await answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports);
  expect(publishedAgain).toEqual([alertId]);
});

test('a later answer is refused and says who was first', async () => {
  const { answer } = await withAlert();
  await answer('bob', 'expected');
  expect(await answer('alice', 'revoke')).toEqual({
    ok: false,
    refusal: {
      code: 'already-decided',
      message: 'Bob already answered: Expected.',
      next: 'Nothing more is needed from you.',
    },
  });
});

test('two answers at the same moment give one outcome', async () => {
  const { answer, theAlert } = await withAlert();
  const [first, second] = await Promise.all([answer('bob', 'revoke'), answer('carol', 'expected')]);
  expect([first?.ok, second?.ok].filter(Boolean)).toHaveLength(1);
  expect(theAlert()).toMatchObject({ status: 'answered', answer: { by: first?.ok ? 'bob' : 'carol' } });
});

test('the policy says who may revoke and who may dismiss; nobody else can', async () => {
  const { answer, theAlert } = await withAlert();
  expect(await answer('dave', 'revoke')).toMatchObject({
    ok: false,
    refusal: { code: 'not-allowed', next: 'Ask Alice, Bob or Carol to answer it.' },
  });
  expect(await answer('alice', 'expected')).toMatchObject({
    ok: false,
    refusal: { code: 'not-allowed', next: 'Ask Bob or Carol to answer it.' },
  });
  expect(theAlert().status).toBe('open');
  expect(await answer('alice', 'revoke')).toMatchObject({ ok: true });
});

test('the person whom it is about cannot call it expected', async () => {
  const world = alertWorld();
  world.requests.set(records.grantId, { ...endedAt('2026-11-22T10:02:00.000Z', 'revoked'), personId: 'bob' });
  await detect(records.use('2026-11-22T10:04:00Z', { sourceIdentity: 'bob' }), world.ports);
  const alertId = world.theAlert().id;
  expect(await answerAlert({ alertId, personId: 'bob', action: 'expected' }, world.ports)).toMatchObject({
    ok: false,
    refusal: {
      message: 'This alert is about you, so you cannot mark it as expected.',
      next: 'Ask Carol to answer it.',
    },
  });
  expect(await answerAlert({ alertId, personId: 'carol', action: 'expected' }, world.ports)).toMatchObject({
    ok: true,
  });
});

test('where there is nothing to revoke, Revoke is refused and says what to do', async () => {
  const { answer, theAlert } = await withAlert(records.boundaryDeleted);
  expect(await answer('bob', 'revoke')).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
  expect(theAlert().status).toBe('open');
});

test('an alert that does not exist reads like one that is not yours', async () => {
  const { ports } = alertWorld();
  expect(await answerAlert({ alertId: 'alert-0', personId: 'bob', action: 'revoke' }, ports)).toMatchObject({
    refusal: { code: 'not-found' },
  });
});
