import type { Catcher } from '#local/states/definition.ts';
import type { Machine } from '#ports/workflows.ts';
import { stateMachines } from '#statemachines/registry.ts';
import type { Definitions } from '../states/machines.ts';
import type { Bug } from './bug.ts';

type Fields = Readonly<Record<string, unknown>>;
type State = Fields & { Catch?: readonly Catcher[]; States?: Fields; ItemProcessor?: Fields };
type Edit = (state: State) => Fields;

/** The machine with one state edited, wherever it is. A field that is set to nothing is taken away. */
const edited = (machine: Machine, name: string, edit: Edit): Definitions => {
  let found = false;
  const definition = JSON.parse(JSON.stringify(stateMachines[machine]), (key, value: State) => {
    if (key !== name || typeof value.Type !== 'string') return value;
    found = true;
    return { ...value, ...edit(value) };
  }) as object;
  if (!found) throw new Error(`${machine} has no state ${name}.`);
  return { [machine]: definition };
};

const inRequest = (state: string, edit: Edit) => edited('access-request', state, edit);
const inLockdown = (state: string, edit: Edit) => edited('lockdown', state, edit);

/** The catcher of one error, otherwise. */
const catching =
  (error: string, otherwise: (catcher: Catcher) => Catcher[]): Edit =>
  ({ Catch = [] }) => ({
    Catch: Catch.flatMap((catcher) => (catcher.ErrorEquals.includes(error) ? otherwise(catcher) : [catcher])),
  });

export const catchesNothing: Bug = {
  name: '`ActivateGrant` without its Catch',
  breaks: 'what goes wrong after the window was opened revokes nothing, and a cancelled request pages somebody',
  machines: inRequest('ActivateGrant', () => ({ Catch: undefined })),
};

export const closesWhenDue: Bug = {
  name: '`AwaitEnd` whose timeout leads to `Closed`',
  breaks: 'the workflow ends no grant whose time is up',
  machines: inRequest(
    'AwaitEnd',
    catching('States.Timeout', (catcher) => [{ ...catcher, Next: 'Closed' }]),
  ),
};

export const waitsForEver: Bug = {
  name: '`AwaitEnd` without a timeout',
  breaks: 'the workflow ends no grant that nobody ends',
  machines: inRequest('AwaitEnd', () => ({ TimeoutSeconds: undefined })),
};

export const forgetsThatItWasDue: Bug = {
  name: '`AwaitEnd` whose timeout does not say that the grant was due',
  breaks: 'a grant that was extended in the last moment ends at its old end',
  machines: inRequest(
    'AwaitEnd',
    catching('States.Timeout', ({ Output: _, ...catcher }) => [catcher]),
  ),
};

export const endsWhatWasExtended: Bug = {
  name: '`AwaitEnd` that revokes what was extended',
  breaks: 'an extension ends the grant',
  machines: inRequest(
    'AwaitEnd',
    catching('GrantExtended', () => []),
  ),
};

export const losesTheLateVote: Bug = {
  name: '`WasApprovedInTime` that lets nothing through',
  breaks: 'a vote in the last moment is lost, and the request stays approved',
  machines: inRequest('WasApprovedInTime', () => ({
    Default: 'Closed',
    Choices: [{ Condition: false, Next: 'Closed' }],
  })),
};

export const pagesNobody: Bug = {
  name: '`RevokeSessions` without its Catch',
  breaks: 'nobody is paged for a revocation that failed',
  machines: inRequest(
    'RevokeSessions',
    catching('States.ALL', () => []),
  ),
};

export const triesOnce: Bug = {
  name: '`RevokeSessions` without its Retry',
  breaks: 'one refused call makes a revocation fail',
  machines: inRequest('RevokeSessions', () => ({ Retry: undefined })),
};

export const looksOnce: Bug = {
  name: '`EndSlices` that does not look for a next page',
  breaks: 'a lockdown ends the first page and no other',
  machines: inLockdown('EndSlices', () => ({ Next: 'FinishLockdown' })),
};

export const keepsTheOthers: Bug = {
  name: '`RevokeLocked` without its Catch',
  breaks: 'a slice that cannot be ended keeps the others, and nobody is told which it was',
  machines: inLockdown('RevokeLocked', () => ({ Catch: undefined })),
};
