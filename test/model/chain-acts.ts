import type { Actor, Plan } from './actor.ts';
import type { Issued } from './cloud.ts';
import { chainRoles, stepsAllowed } from './policy.ts';
import type { TrailRecord } from './trail.ts';
import type { World } from './world.ts';

/** Whoever has credentials that have not expired: of a session that was minted, or that went on from one. */
export const holders = ({ observed, cloud }: World): Issued[] =>
  [...observed.issued, ...observed.chained].filter((issued) => !cloud.hasExpired(issued));

/** The role into which the policy lets a session of this one go on. */
export const nextRole = (roleArn: string): string | undefined => {
  if (roleArn === chainRoles.first) return chainRoles.second;
  return roleArn === chainRoles.second ? chainRoles.third : undefined;
};

/**
 * Somebody takes a further role with a session, and CloudTrail has something to tell. Undefined where AWS refuses it.
 */
export const goOn = async (
  world: World,
  from: Issued,
  roleArn: string,
  name = 'onward',
): Promise<Issued | undefined> => {
  const { observed, cloud, trail } = world;
  const gone = await cloud.goOn(from, roleArn, name);
  if (!gone) return undefined;
  const { issued, events } = gone;
  const { accessKeyId } = issued.credentials;
  observed.step++;
  observed.chained.push({ ...issued, atStep: observed.step });
  trail.put(events.map((event) => ({ accessKeyId, event: asRecorded(event, issued) })));
  if (!stepsAllowed.has(`${from.roleArn} ${roleArn}`)) observed.strayed ??= `${from.roleArn} went on to ${roleArn}`;
  if (issued.grantId !== from.grantId) observed.strayed ??= `a session of ${from.grantId} goes on as ${issued.grantId}`;
  world.look();
  return issued;
};

/** The policy came to name the steps only after the grant's last mint: that wrote down none of them. */
export const forgetReach = ({ memory, observed }: World, requestId: string): void => {
  observed.unnamed.add(requestId);
  // In place: it is the same version that was stored without it.
  Reflect.deleteProperty(memory.requests.get(requestId)?.minted ?? {}, 'reach');
};

/** CloudTrail writes the new session's token down, which the embedded one leaves out. */
export const asRecorded = (event: TrailRecord['event'], { credentials }: Issued): TrailRecord['event'] => {
  const detail = event.detail as { responseElements: { credentials: object } };
  const answer = detail.responseElements;
  const { sessionToken } = credentials;
  const responseElements = { ...answer, credentials: { ...answer.credentials, sessionToken } };
  return { ...event, detail: { ...detail, responseElements } } as TrailRecord['event'];
};

/** EventBridge brings a record to the detector. It stays to be brought again until the detector has taken it. */
export const bring = (world: World, record: TrailRecord, plan: Plan = {}, again = false): Actor => {
  const { accessKeyId, event } = record;
  const actor = world.start('detect', `detect ${accessKeyId}`, plan, (ports) => world.does.detect(event, ports));
  void actor.ended.then(() => {
    if (actor.outcome !== 'done') return;
    const { told, step } = world.observed;
    if (!told.has(accessKeyId)) told.set(accessKeyId, step);
    if (!again) world.trail.taken(record);
  });
  return actor;
};
