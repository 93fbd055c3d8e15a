import { isClosed } from '#core/request/moves.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Task } from '../executions.ts';
import type { ExecutionEnd } from '../states/history.ts';
import type { World } from '../world.ts';

/** A revocation is tried so often at least before somebody is paged for it. */
const fewestAttempts = 3;

const requestEndsWrongly = (world: World, { name, status, error, story }: ExecutionEnd): string | undefined => {
  const request = world.memory.requests.get(name);
  if (status === 'SUCCEEDED') {
    return request && !isClosed(request.status)
      ? `the execution of ${name} is over and it is ${request.status}`
      : undefined;
  }
  const last = story.at(-1)?.state;
  // Nothing was granted; the sweeper lapses it.
  if (last === 'LapseRequest') return undefined;
  if (error !== 'RevocationFailed')
    return `the execution of ${name} failed at ${last} with ${error}, which nothing caught`;
  const attempts = story.findLast(({ state }) => state === 'RevokeSessions')?.errors.length ?? 0;
  return attempts < fewestAttempts ? `the execution of ${name} gave up after ${attempts} attempts` : undefined;
};

const lockdownEndsWrongly = ({ name, status, error, story }: ExecutionEnd): string | undefined => {
  if (status === 'SUCCEEDED') {
    const found = story.findLast(({ state }) => state === 'FindLocked')?.output as { slices: unknown[] } | undefined;
    return found?.slices.length === 0 ? undefined : `the execution of ${name} is over and did not look whether all is`;
  }
  if (error !== 'LockdownFailed') return `the execution of ${name} failed with ${error}, which nothing caught`;
  const entered = story.map(({ state }) => state);
  const isUntold = entered.at(-2) === 'RevokeLocked' && !entered.includes('ReportLockedFailure');
  return isUntold ? `the execution of ${name} gave up for a slice of which nobody was told` : undefined;
};

/** What W1 says of the end of an execution. An operator's stop is no fault of the machine's. */
export const endsWrongly = (world: World, end: ExecutionEnd): string | undefined => {
  if (end.status === 'ABORTED') return undefined;
  return end.machine === 'lockdown' ? lockdownEndsWrongly(end) : requestEndsWrongly(world, end);
};

/**
 * What W1 says of a grant that one of its execution's tasks has begun to end before its time: something must have
 * failed.
 */
export const endsLive = (world: World, task: Task | undefined, request: AccessRequest): string | undefined => {
  if (task?.state !== 'RevokeSessions' || request.status !== 'ending') return undefined;
  if (request.end.reason !== 'workflow-failed') return undefined;
  const story = world.executions.story('access-request', request.id);
  const before = story[story.findLastIndex(({ state }) => state === 'RevokeSessions') - 1];
  const error = before?.errors.at(-1);
  const wasDue = before?.state === 'AwaitEnd' && error === 'States.Timeout';
  const isFailure = error !== undefined && error !== 'GrantExtended' && !wasDue;
  return isFailure ? undefined : `the execution of ${request.id} ends the live grant after ${before?.state}: ${error}`;
};

/**
 * W1: an execution ends as its machine says and leaves nothing to the sweeper that it could have done. It succeeds when
 * its request is closed, or when a look at what a lockdown covers found nothing; it fails by its own Fail state alone,
 * after several attempts and a report; and it ends no live grant unless something failed. Granted: a request that could
 * not be lapsed.
 */
export const w1 = ({ observed }: World): string | undefined => observed.astray;
