import { rules } from '#events/rules/registry.ts';
import { functions } from '#functions/registry.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { isInvokedByEvents } from './failed-events.ts';
import { deadLetterQueueName, failedEventsQueueName, scheduleRuleName } from './names.ts';

/* What alarms and dashboard look at, by name. */

export const watchedMachines = Object.keys(stateMachines);
export const watchedFunctions = functions.map(({ name }) => name);

/** Nobody waits for what these answer. */
export const eventFunctions = watchedFunctions.filter(isInvokedByEvents);

/** Those of `events/rules`, and the clock's. */
export const watchedRules = [
  ...rules.map(({ name, bus }) => ({ name, bus })),
  ...functions
    .filter(({ trigger }) => trigger.kind === 'schedule')
    .map(({ name }) => ({ name: scheduleRuleName(name), bus: 'default' as const })),
];

/** Every queue in which something ends that could not be delivered or done. */
export const watchedQueues = [
  ...eventFunctions.map(failedEventsQueueName),
  ...watchedRules.map(({ name }) => deadLetterQueueName(name)),
];

/** Longer than this from the end of an access to its deny is too late: the sweeper leaves the workflow a minute. */
export const latestRevocationSec = 60;

/** CloudTrail events judged later than this come too late for the quarter of an hour that people have to answer. */
export const latestJudgementSec = 900;
