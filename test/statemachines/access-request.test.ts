import { expect, test } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { systemEntropy } from '#local/states/entropy.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import { createRig, named } from '#test/local/states/rig.ts';

const names = ['hold-gate', 'lapse-request', 'activate-grant', 'revoke-sessions', 'report-revocation-failure'];
const firstEnd = '2026-11-22T10:30:00.000Z';
const secondEnd = '2026-11-22T11:00:00.000Z';
const minuteMs = 60_000;

/**
 * The deployed machine on the embedded engine, with a live grant until `firstEnd`; its functions do as they are told.
 */
const live = async () => {
  const grant = { endsAt: firstEnd };
  const gates: { taskToken: string; until: string }[] = [];
  const ends: string[] = [];
  const broken = new Set<string>();
  const clock = turnableClock();
  const functions: Record<string, (payload: Record<string, string>) => unknown> = {
    'activate-grant': () => ({ endsAt: grant.endsAt }),
    'hold-gate': ({ taskToken = '', until = '' }) => {
      gates.push({ taskToken, until });
      return {};
    },
    // As the use case does: it ends nothing that is not due, where it is to end what is.
    'revoke-sessions': ({ end = '' }) => {
      ends.push(end);
      if (end === 'when-due' && clock.nowMs() < Date.parse(grant.endsAt)) throw named('GrantExtended');
      return { status: 'ended' };
    },
  };
  const rig = createRig({
    clock,
    entropy: { ...systemEntropy, unit: () => 0.5 },
    invoke: async (name, payload) => {
      if (broken.has(name)) throw named('StoreUnavailable');
      return functions[name]?.(payload as Record<string, string>);
    },
  });
  const filled = substitute(stateMachines['access-request'], Object.fromEntries(names.map((name) => [name, name])));
  rig.deploy(filled, 'access-request');
  const arn = await rig.start({ approval: 'not-needed' }, 'grant', 'access-request');
  const entered = async (): Promise<string[]> =>
    (await rig.history(arn)).flatMap((event) => {
      const details = event.stateEnteredEventDetails as { name: string } | undefined;
      return details ? [details.name] : [];
    });
  const extend = (): void => {
    grant.endsAt = secondEnd;
  };
  /** What `open-gate` answers the newest wait with. */
  const tell = async (): Promise<void> => {
    const taskToken = gates.at(-1)?.taskToken;
    await rig.call('SendTaskFailure', { taskToken, error: 'GrantExtended', cause: 'It ends later.' });
    await clock.turn(0);
  };
  /** Bit by bit, since each retry is asked for only once the one before has failed. */
  const turnUntil = async (atIso: string): Promise<void> => {
    while (clock.nowMs() < Date.parse(atIso)) await clock.turn(Math.min(minuteMs, Date.parse(atIso) - clock.nowMs()));
  };
  return { rig, arn, clock, gates, ends, broken, entered, extend, tell, turnUntil };
};

const once = ['NeedsApproval', 'ActivateGrant', 'AwaitEnd'];
const again = ['ActivateGrant', 'AwaitEnd'];

test('a grant that nobody extends ends at its end, because it is due', async () => {
  const { rig, arn, ends, gates, entered, turnUntil } = await live();
  await turnUntil('2026-11-22T10:29:59.000Z');
  expect(ends).toEqual([]);
  await turnUntil('2026-11-22T10:30:01.000Z');
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(ends).toEqual(['when-due']);
  expect(gates.map(({ until }) => until)).toEqual([firstEnd]);
  expect(await entered()).toEqual([...once, 'RevokeSessions']);
});

test('one that is extended waits anew, until the new end and no longer', async () => {
  const { rig, arn, ends, gates, entered, extend, tell, turnUntil } = await live();
  await turnUntil('2026-11-22T10:20:00.000Z');
  extend();
  await tell();
  expect(gates.map(({ until }) => until)).toEqual([firstEnd, secondEnd]);
  await turnUntil('2026-11-22T10:59:59.000Z');
  expect(ends).toEqual([]);
  await turnUntil('2026-11-22T11:00:01.000Z');
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(ends).toEqual(['when-due']);
  expect(await entered()).toEqual([...once, ...again, 'RevokeSessions']);
});

test('case 66: one whose wait is over before it hears of the extension goes on, and is asked for only once', async () => {
  const { rig, arn, ends, gates, entered, extend, turnUntil } = await live();
  await turnUntil('2026-11-22T10:29:59.999Z');
  extend();
  await turnUntil('2026-11-22T10:50:00.000Z');
  expect(ends).toEqual(['when-due']);
  expect(gates.map(({ until }) => until)).toEqual([firstEnd, secondEnd]);
  await turnUntil('2026-11-22T11:00:01.000Z');
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(ends).toEqual(['when-due', 'when-due']);
  expect(await entered()).toEqual([...once, 'RevokeSessions', ...again, 'RevokeSessions']);
});

test('one whose gate is set up at the fourth try ends at its end all the same', async () => {
  const { ends, gates, broken, extend, tell, turnUntil } = await live();
  extend();
  broken.add('hold-gate');
  await tell();
  await turnUntil('2026-11-22T10:00:02.000Z');
  broken.clear();
  await turnUntil('2026-11-22T10:00:04.000Z');
  expect(gates.map(({ until }) => until)).toEqual([firstEnd, secondEnd]);
  await turnUntil('2026-11-22T10:59:59.000Z');
  expect(ends).toEqual([]);
  await turnUntil('2026-11-22T11:00:01.000Z');
  expect(ends).toEqual(['when-due']);
});

test('one that somebody ends after an extension is revoked at once', async () => {
  const { rig, arn, gates, ends, extend, tell } = await live();
  extend();
  await tell();
  await rig.call('SendTaskSuccess', { taskToken: gates.at(-1)?.taskToken, output: '{"status":"ending"}' });
  expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(ends).toEqual(['now']);
});

test('the token of the wait that is over answers nothing any more', async () => {
  const { rig, gates, ends, extend, tell } = await live();
  extend();
  await tell();
  const output = '{"status":"ending"}';
  await expect(rig.call('SendTaskSuccess', { taskToken: gates[0]?.taskToken, output })).rejects.toMatchObject({
    name: 'TaskTimedOut',
  });
  expect(ends).toEqual([]);
});

test.each(['activate-grant', 'hold-gate'])(
  'an error of %s after an extension leads to the revocation, now',
  async (name) => {
    const { rig, arn, ends, broken, entered, extend, tell, turnUntil } = await live();
    await turnUntil('2026-11-22T10:10:00.000Z');
    extend();
    broken.add(name);
    await tell();
    await turnUntil('2026-11-22T10:20:00.000Z');
    expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(ends).toEqual(['now']);
    expect((await entered()).at(-1)).toBe('RevokeSessions');
  },
);

test('a revocation that fails after an extension is reported, and the execution fails', async () => {
  const { rig, arn, broken, entered, extend, tell, turnUntil } = await live();
  extend();
  await tell();
  broken.add('revoke-sessions');
  await turnUntil('2026-11-22T11:30:00.000Z');
  expect(await rig.ended(arn)).toMatchObject({ status: 'FAILED', error: 'RevocationFailed' });
  expect((await entered()).slice(-3)).toEqual(['RevokeSessions', 'ReportRevocationFailure', 'RevocationFailed']);
});
