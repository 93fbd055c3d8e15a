import type { Actor, Plan } from './actor.ts';
import { asRecorded } from './chain-acts.ts';
import type { Issued } from './cloud.ts';
import { consoleMs } from './invariants/console.ts';
import { chainRoles } from './policy.ts';
import type { World } from './world.ts';

/** A session of the console that was made of this one in its last second: it is told apart by its end alone. */
const consoleOf = (issued: Issued): Issued => {
  const { caller } = issued;
  const expiresAtMs = caller.session.expiresAtMs + consoleMs;
  return { ...issued, caller: { ...caller, session: { ...caller.session, expiresAtMs } } };
};

/** An administrator takes a role that Daypass lends, and CloudTrail has something to tell. */
export const takeByHand = async (world: World): Promise<void> => {
  const { observed, cloud, trail } = world;
  const taken = await cloud.takeByHand(chainRoles.first, `by-hand-${observed.strangers.length + 1}`);
  const { issued, events } = taken;
  const { accessKeyId } = issued.credentials;
  observed.step++;
  observed.strangers.push({ issued, console: consoleOf(issued) });
  trail.put(events.map((event) => ({ accessKeyId, event: asRecorded(event, issued) })));
  world.look();
};

/** The alerts of which somebody took a role by hand. */
export const alertsOfHands = ({ memory }: World): string[] =>
  [...memory.alerts.values()].filter(({ detection }) => detection === 'assumed-without-grant').map(({ id }) => id);

/** What follows when somebody answers such an alert with Revoke. */
export const revokeForAlert = (world: World, alertId: string, plan: Plan = {}): Actor => {
  const { observed, memory } = world;
  const named = new Set(memory.alerts.get(alertId)?.sessions.map(({ userId }) => userId));
  const actor = world.start('revoke-alert', `revoke for the alert ${alertId}`, plan, async (ports) => {
    await world.does.revokeAlert({ alertId }, ports);
    for (const { issued } of observed.strangers) {
      if (named.has(issued.caller.userId)) observed.revoked.add(issued.credentials.accessKeyId);
    }
  });
  return actor;
};
