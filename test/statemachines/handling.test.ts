import { expect, test } from 'vitest';
import { stateMachines } from '#statemachines/registry.ts';

type Retrier = {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: string;
};
type Catcher = { ErrorEquals: string[]; Next: string };
type State = {
  Type: string;
  TimeoutSeconds?: number | string;
  Retry?: Retrier[];
  Catch?: Catcher[];
  ItemProcessor?: { States: Record<string, State> };
};

/** How often after the first try, and with which waits: seconds before the first retry, factor, longest wait. */
const said = (retry: Retrier): string => {
  const waits =
    retry.MaxAttempts === 0
      ? ''
      : `, ${retry.IntervalSeconds} s x${retry.BackoffRate} up to ${retry.MaxDelaySeconds} s, jitter ${retry.JitterStrategy}`;
  return `${retry.ErrorEquals.join(' ')}: ${retry.MaxAttempts}${waits}`;
};

const handlingOf = (states: Record<string, State>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(states).flatMap(([name, state]): [string, unknown][] => [
      ...(state.Type === 'Task' || state.Type === 'Map'
        ? [
            [
              name,
              {
                timeout: state.TimeoutSeconds,
                retry: (state.Retry ?? []).map(said),
                catch: (state.Catch ?? []).map(({ ErrorEquals, Next }) => `${ErrorEquals.join(' ')} -> ${Next}`),
              },
            ] satisfies [string, unknown],
          ]
        : []),
      ...Object.entries(state.ItemProcessor ? handlingOf(state.ItemProcessor.States) : {}),
    ]),
  );

// Half a minute of retries while a person waits; up to two minutes where nobody does, so that a throttled or failing
// service has time to come back. Full jitter, since what fails for one execution fails for its neighbours too.
const sixQuick = 'States.ALL: 6, 1 s x2 up to 30 s, jitter FULL';
const sixSlow = 'States.ALL: 6, 1 s x2 up to 60 s, jitter FULL';
// The revocation reports sooner: the sweeper takes over at its next turn.
const five = 'States.ALL: 5, 1 s x2 up to 60 s, jitter FULL';
const untilSec = (time: string): string =>
  `{% $max([1, $ceil(($toMillis($states.input.${time}) - $millis()) / 1000)]) %}`;

const expected: Readonly<Record<keyof typeof stateMachines, object>> = {
  'access-request': {
    // A request that closed is no error and a timeout is its end: neither begins the wait anew. A gate that cannot be
    // set up must not cost people their request.
    AwaitApproval: {
      timeout: untilSec('lapsesAt'),
      retry: ['RequestClosed States.Timeout: 0', sixQuick],
      catch: ['RequestClosed -> Closed', 'States.Timeout -> LapseRequest', 'States.ALL -> TryApprovalAgain'],
    },
    // Nothing was granted yet: a failed execution is seen by the rule on execution status, and the sweeper lapses it.
    LapseRequest: { timeout: 60, retry: [sixSlow], catch: [] },
    // What it throws by name is an answer. Any other error may have come after the window was opened.
    ActivateGrant: {
      timeout: 60,
      retry: ['RequestClosed RequestPending: 0', sixQuick],
      catch: ['RequestPending -> AwaitApproval', 'RequestClosed -> Closed', 'States.ALL -> RevokeSessions'],
    },
    // A retry of a timeout would begin the whole wait anew and lend the access twice as long.
    AwaitEnd: {
      timeout: untilSec('endsAt'),
      retry: ['GrantExtended States.Timeout: 0', sixQuick],
      catch: ['GrantExtended -> ActivateGrant', 'States.Timeout -> RevokeSessions', 'States.ALL -> RevokeSessions'],
    },
    RevokeSessions: {
      timeout: 60,
      retry: ['GrantExtended: 0', five],
      catch: ['GrantExtended -> ActivateGrant', 'States.ALL -> ReportRevocationFailure'],
    },
    // Whether it could be told or not: the execution fails, which is what the alarm looks at.
    ReportRevocationFailure: { timeout: 60, retry: [sixSlow], catch: ['States.ALL -> RevocationFailed'] },
  },
  'alert-response': {
    // Only errors that pass are worth a wait anew: it would take the answer's time from its beginning.
    AwaitAnswer: {
      timeout: untilSec('answerBy'),
      retry: [
        'StoreUnavailable WorkflowUnavailable Lambda.ServiceException Lambda.TooManyRequestsException: 6, 1 s x2 up to 30 s, jitter FULL',
      ],
      catch: ['States.Timeout -> ExpireAlert', 'States.ALL -> WaitOutTheTime'],
    },
    ExpireAlert: { timeout: 60, retry: [sixSlow], catch: ['States.ALL -> ReportAlertFailure'] },
    RevokeAlert: { timeout: 60, retry: [five], catch: ['States.ALL -> ReportAlertFailure'] },
    CloseAlert: { timeout: 60, retry: [sixSlow], catch: ['States.ALL -> ReportAlertFailure'] },
    ReportAlertFailure: { timeout: 60, retry: [sixSlow], catch: ['States.ALL -> AlertFailed'] },
  },
  lockdown: {
    // Whatever goes wrong in a lockdown is seen: there is no way to AllEnded but through the count of what failed.
    FindLocked: { timeout: 120, retry: [sixSlow], catch: ['States.ALL -> LockdownFailed'] },
    EndSlices: { timeout: undefined, retry: [], catch: ['States.ALL -> LockdownFailed'] },
    RevokeLocked: { timeout: 120, retry: [sixSlow], catch: ['States.ALL -> ReportLockedFailure'] },
    // A slice that failed and is not marked would be found again and again: the Map fails, and the sweeper goes on.
    ReportLockedFailure: { timeout: 120, retry: [sixSlow], catch: [] },
    FinishLockdown: { timeout: 120, retry: [sixSlow], catch: ['States.ALL -> LockdownFailed'] },
  },
};

test.each(Object.entries(stateMachines))(
  '%s retries and catches what it is meant to, as often and where to',
  (name, definition) => {
    expect(handlingOf(definition.States as Record<string, State>)).toEqual(
      expected[name as keyof typeof stateMachines],
    );
  },
);
