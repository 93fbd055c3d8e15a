import type { World } from '../world.ts';

/**
 * I9: no secret key and no session token is in the store, the log, the input of an execution or an event; a task token
 * is nowhere but in its own place. Looked at when a run ends: nothing is ever taken out of the audit and the log.
 */
export const i9 = ({ memory, observed, executions, bus }: World): string | undefined => {
  const kept = JSON.stringify([
    [...memory.requests.values()],
    [...memory.audit.values()],
    [...memory.outbox.values()],
    [...memory.ledgers.values()],
    [...memory.chains.values()],
    [...memory.alerts.values()],
    [...bus.published().values()],
    executions.all(),
    observed.logged,
  ]);
  const strangers = observed.strangers.map(({ issued }) => issued);
  for (const { credentials } of [...observed.issued, ...observed.chained, ...strangers]) {
    if (kept.includes(credentials.secretAccessKey)) return `the secret key of ${credentials.accessKeyId} was kept`;
    if (kept.includes(credentials.sessionToken)) return `the session token of ${credentials.accessKeyId} was kept`;
  }
  for (const { wait } of memory.tokens.values())
    if (wait && kept.includes(wait.taskToken)) return `the task token ${wait.taskToken} was kept`;
  return undefined;
};

/**
 * I10: one event per id: however often it is published, it says the same, and it is one that was saved with its change.
 */
export const i10 = ({ bus, observed }: World): string | undefined => {
  for (const [eventId, text] of bus.published()) {
    if (observed.saved.get(eventId) !== text) return `${eventId} was published and not saved so`;
  }
  return bus.contradiction();
};

/** I10, when everything is settled: every event that was saved was published. None is lost. */
export const nothingLost = ({ bus, observed }: World): string | undefined => {
  const lost = [...observed.saved.keys()].find((eventId) => !bus.published().has(eventId));
  return lost === undefined ? undefined : `${lost} was never published`;
};
