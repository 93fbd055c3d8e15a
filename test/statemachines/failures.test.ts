import { describe, expect, test } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import { systemEntropy } from '#local/states/entropy.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import { createRig, named } from '#test/local/states/rig.ts';

/** `throws` and `hangs` for good; after `throws once` the retry comes to the next step. */
type Fault = 'throws' | 'hangs' | 'throws once';
/** What a function does when it is asked for the nth time: an answer, or a way to fail. */
type Step = object | Fault | 'answers the gate';

const gateAnswered = 'answers the gate';
const minuteMs = 60_000;

/**
 * One execution of a deployed machine, whose functions do what `steps` say, place by place: a place is one entry of a
 * Task's state, all its retries included, and the last step counts for every later place too.
 */
const run = async (
  machine: keyof typeof stateMachines,
  input: object,
  steps: Readonly<Record<string, readonly Step[]>>,
) => {
  const clock = turnableClock();
  const places = new Map<string, number>();
  const tokens: string[] = [];
  const rig = createRig({
    clock,
    entropy: { ...systemEntropy, unit: () => 0.5 },
    invoke: async (name, payload) => {
      const given = payload as { gate?: string; taskToken?: string };
      const place = given.gate ?? name;
      const nth = places.get(place) ?? 0;
      const step = (steps[place] ?? []).at(Math.min(nth, (steps[place]?.length ?? 1) - 1)) ?? {};
      if (step === 'throws') throw named('StoreUnavailable');
      if (step === 'hangs') return new Promise(() => undefined);
      places.set(place, nth + 1);
      if (step === 'throws once') throw named('StoreUnavailable');
      if (step === gateAnswered && given.taskToken) tokens.push(given.taskToken);
      return typeof step === 'string' ? {} : step;
    },
  });
  const asl = JSON.stringify(stateMachines[machine]);
  const functionNames = [...asl.matchAll(/\$\{([\w-]+)\}/g)].map(([, name = '']) => [name, name]);
  rig.deploy(substitute(stateMachines[machine], Object.fromEntries(functionNames)), machine);
  const arn = await rig.start(input, 'run', machine);
  // Bit by bit, since each retry is asked for only once the one before has failed. Three hours are longer than any way.
  for (let minutes = 0; minutes < 180; minutes++) {
    for (const taskToken of tokens.splice(0)) {
      await rig.call('SendTaskSuccess', { taskToken, output: JSON.stringify(gateOutput[machine]) });
    }
    await clock.turn(minuteMs);
    if ((await rig.describe(arn)).status !== 'RUNNING') break;
  }
  const entered = (await rig.history(arn)).flatMap((event) => {
    const details = event.stateEnteredEventDetails as { name: string } | undefined;
    return details ? [details.name] : [];
  });
  const { status, error } = await rig.describe(arn);
  return { entered, end: error === undefined ? status : `${status} ${error}` };
};

/** What a gate is answered with: by the last vote, by Revoke. */
const gateOutput = { 'access-request': {}, 'alert-response': { action: 'revoke' }, lockdown: {} };

type Row = [told: string, steps: Readonly<Record<string, readonly Step[]>>, entered: readonly string[], end: string];

const inAnHour = '2026-11-22T11:00:00.000Z';
const window = { endsAt: '2026-11-22T10:30:00.000Z' };
const granted = {
  AwaitApproval: [gateAnswered],
  'activate-grant': [window],
  'revoke-sessions': [{ status: 'ended' }],
} as const;
const toEnd = ['NeedsApproval', 'AwaitApproval', 'ActivateGrant', 'AwaitEnd'];
const unrevoked = ['RevokeSessions', 'ReportRevocationFailure', 'RevocationFailed'];

const accessRequest: Row[] = [
  ['everything works', granted, [...toEnd, 'RevokeSessions'], 'SUCCEEDED'],
  [
    'nobody votes',
    { AwaitApproval: [{}], 'lapse-request': [{ status: 'lapsed' }] },
    ['NeedsApproval', 'AwaitApproval', 'LapseRequest', 'WasApprovedInTime', 'Closed'],
    'SUCCEEDED',
  ],
  [
    'a vote wins against the lapse',
    { ...granted, AwaitApproval: [{}], 'lapse-request': [{ status: 'approved' }] },
    [
      'NeedsApproval',
      'AwaitApproval',
      'LapseRequest',
      'WasApprovedInTime',
      'ActivateGrant',
      'AwaitEnd',
      'RevokeSessions',
    ],
    'SUCCEEDED',
  ],
  ...(['throws', 'hangs'] as const).flatMap((fault): Row[] => [
    [
      `lapse-request ${fault}`,
      { AwaitApproval: [{}], 'lapse-request': [fault] },
      ['NeedsApproval', 'AwaitApproval', 'LapseRequest'],
      `FAILED ${fault === 'throws' ? 'StoreUnavailable' : 'States.Timeout'}`,
    ],
    [
      `activate-grant ${fault}`,
      { ...granted, 'activate-grant': [fault] },
      ['NeedsApproval', 'AwaitApproval', 'ActivateGrant', 'RevokeSessions'],
      'SUCCEEDED',
    ],
    [
      `revoke-sessions ${fault}`,
      { ...granted, 'revoke-sessions': [fault] },
      [...toEnd, ...unrevoked],
      'FAILED RevocationFailed',
    ],
    [
      `revoke-sessions ${fault}, and so does its report`,
      { ...granted, 'revoke-sessions': [fault], 'report-revocation-failure': [fault] },
      [...toEnd, ...unrevoked],
      'FAILED RevocationFailed',
    ],
    [
      `activate-grant and revoke-sessions: each ${fault}`,
      { ...granted, 'activate-grant': [fault], 'revoke-sessions': [fault] },
      ['NeedsApproval', 'AwaitApproval', 'ActivateGrant', ...unrevoked],
      'FAILED RevocationFailed',
    ],
  ]),
  ['the gate of the end throws', { ...granted, AwaitEnd: ['throws'] }, [...toEnd, 'RevokeSessions'], 'SUCCEEDED'],
  [
    'the gate of the end is never answered',
    { ...granted, AwaitEnd: ['hangs'] },
    [...toEnd, 'RevokeSessions'],
    'SUCCEEDED',
  ],
  ...['AwaitApproval', 'activate-grant', 'AwaitEnd', 'revoke-sessions'].map(
    (place): Row => [
      `${place} throws once`,
      { ...granted, [place]: ['throws once', ...(granted[place as 'AwaitApproval'] ?? [])] },
      [...toEnd, 'RevokeSessions'],
      'SUCCEEDED',
    ],
  ),
];

const waited = ['AwaitAnswer', 'WasRevokeAsked', 'RevokeAlert'];
const unanswered = ['AwaitAnswer', 'ExpireAlert'];
const unclosed = ['ReportAlertFailure', 'AlertFailed'];
const revoked = { AwaitAnswer: [gateAnswered], 'revoke-alert': [{ result: 'denied' }] } as const;
const alertResponse: Row[] = [
  ['everything works', revoked, [...waited, 'CloseAlert'], 'SUCCEEDED'],
  [
    'nobody answers',
    { 'expire-alert': [{ action: 'unanswered' }] },
    [...unanswered, 'WasRevokeAsked', 'CloseAlert'],
    'SUCCEEDED',
  ],
  [
    'the gate throws',
    { AwaitAnswer: ['throws'], 'expire-alert': [{ action: 'revoke' }] },
    ['AwaitAnswer', 'WaitOutTheTime', 'ExpireAlert', 'WasRevokeAsked', 'RevokeAlert', 'CloseAlert'],
    'SUCCEEDED',
  ],
  ...(['throws', 'hangs'] as const).flatMap((fault): Row[] => [
    [`expire-alert ${fault}`, { 'expire-alert': [fault] }, [...unanswered, ...unclosed], 'FAILED AlertFailed'],
    [`revoke-alert ${fault}`, { ...revoked, 'revoke-alert': [fault] }, [...waited, ...unclosed], 'FAILED AlertFailed'],
    [
      `close-alert ${fault}`,
      { ...revoked, 'close-alert': [fault] },
      [...waited, 'CloseAlert', ...unclosed],
      'FAILED AlertFailed',
    ],
    [
      `revoke-alert ${fault}, and so does its report`,
      { ...revoked, 'revoke-alert': [fault], 'report-alert-failure': [fault] },
      [...waited, ...unclosed],
      'FAILED AlertFailed',
    ],
  ]),
  [
    'revoke-alert throws once',
    { ...revoked, 'revoke-alert': ['throws once', ...revoked['revoke-alert']] },
    [...waited, 'CloseAlert'],
    'SUCCEEDED',
  ],
];

const page = { slices: [['a'], ['b']] };
const nothingLeft = { slices: [] };
const found = { 'find-locked': [page, nothingLeft], 'finish-lockdown': [{ failed: 0 }] } as const;
const firstPage = ['FindLocked', 'IsAnythingLeft', 'EndSlices'];
const lastPage = ['FindLocked', 'IsAnythingLeft', 'FinishLockdown'];
const both = ['RevokeLocked', 'RevokeLocked'];
const lockdown: Row[] = [
  ['everything works', found, [...firstPage, ...both, ...lastPage, 'DidAllEnd', 'AllEnded'], 'SUCCEEDED'],
  [
    'there is nothing to end',
    { ...found, 'find-locked': [nothingLeft] },
    [...lastPage, 'DidAllEnd', 'AllEnded'],
    'SUCCEEDED',
  ],
  [
    'something could not be ended',
    { ...found, 'finish-lockdown': [{ failed: 1 }] },
    [...firstPage, ...both, ...lastPage, 'DidAllEnd', 'LockdownFailed'],
    'FAILED LockdownFailed',
  ],
  ...(['throws', 'hangs'] as const).flatMap((fault): Row[] => [
    [`find-locked ${fault}`, { 'find-locked': [fault] }, ['FindLocked', 'LockdownFailed'], 'FAILED LockdownFailed'],
    [
      `find-locked ${fault} for the second page`,
      { ...found, 'find-locked': [page, fault] },
      [...firstPage, ...both, 'FindLocked', 'LockdownFailed'],
      'FAILED LockdownFailed',
    ],
    [
      `revoke-locked ${fault}: each slice is reported, and the pages go on`,
      { ...found, 'revoke-locked': [fault], 'finish-lockdown': [{ failed: 2 }] },
      [...firstPage, ...both, 'ReportLockedFailure', 'ReportLockedFailure', ...lastPage, 'DidAllEnd', 'LockdownFailed'],
      'FAILED LockdownFailed',
    ],
    [
      `finish-lockdown ${fault}`,
      { ...found, 'finish-lockdown': [fault] },
      [...firstPage, ...both, ...lastPage, 'LockdownFailed'],
      'FAILED LockdownFailed',
    ],
  ]),
  [
    'revoke-locked throws once',
    { ...found, 'revoke-locked': ['throws once', {}] },
    [...firstPage, ...both, ...lastPage, 'DidAllEnd', 'AllEnded'],
    'SUCCEEDED',
  ],
];

describe('access-request, with each function failing at each place', () => {
  test.each(accessRequest)('%s', async (_, steps, entered, end) => {
    expect(await run('access-request', { approval: 'needed', lapsesAt: inAnHour }, steps)).toEqual({ entered, end });
  });

  test.each(['throws', 'hangs'] as const)(
    'a gate for the votes that %s for good never ends the request',
    async (fault) => {
      const { entered, end } = await run(
        'access-request',
        { approval: 'needed', lapsesAt: inAnHour },
        { AwaitApproval: [fault] },
      );
      expect(new Set(entered)).toEqual(
        new Set(
          fault === 'throws'
            ? ['NeedsApproval', 'AwaitApproval', 'TryApprovalAgain']
            : ['NeedsApproval', 'AwaitApproval', 'LapseRequest', 'WasApprovedInTime', 'Closed'],
        ),
      );
      expect(end).toBe(fault === 'throws' ? 'RUNNING' : 'SUCCEEDED');
    },
  );
});

describe('alert-response, with each function failing at each place', () => {
  test.each(alertResponse)('%s', async (_, steps, entered, end) => {
    expect(await run('alert-response', { answerBy: '2026-11-22T10:15:00.000Z' }, steps)).toEqual({ entered, end });
  });
});

describe('lockdown, with each function failing at each place', () => {
  test.each(lockdown)('%s', async (_, steps, entered, end) => {
    expect(await run('lockdown', {}, steps)).toEqual({ entered, end });
  });

  test('a report that throws fails the lockdown where it stands, for the sweeper to go on', async () => {
    const { entered, end } = await run(
      'lockdown',
      {},
      { ...found, 'revoke-locked': ['throws'], 'report-locked-failure': ['throws'] },
    );
    expect(entered.at(-1)).toBe('LockdownFailed');
    expect(entered).not.toContain('FinishLockdown');
    expect(end).toBe('FAILED LockdownFailed');
  });
});
