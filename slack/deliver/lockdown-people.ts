import type { Lockdown } from '#core/lockdown/lockdown.ts';
import { personById } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { freedNote, hitNote } from '#slack/render/lockdown-notes.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { subjects } from './subjects.ts';

type PeoplePorts = NoticePorts & Pick<Ports, 'lockdowns' | 'requests'>;

/** The lockdown that ended it, or closed it before it began; undefined where none did. */
export const lockdownThatEnded = (request: AccessRequest): string | undefined => {
  if ('end' in request) return request.end.lockdownId;
  return request.status === 'refused' ? request.lockdownId : undefined;
};

const slackUserOf = (policy: Policy, personId: string): string | undefined =>
  personById(policy, personId)?.slackUserIds[0];

/** Tells one person, once, that a lockdown hits them, whatever it ends of theirs. Throws `SlackUnavailable`. */
export const tellHit = async (
  policy: Policy,
  lockdownId: string,
  personId: string,
  ports: PeoplePorts,
): Promise<void> => {
  const slackUserId = slackUserOf(policy, personId);
  const lockdown = slackUserId === undefined ? undefined : await ports.lockdowns.get(lockdownId);
  if (slackUserId === undefined || !lockdown) return;
  await postOnce(subjects.hit(lockdownId, personId), slackUserId, hitNote(policy, lockdown, personId), ports);
};

const atOnce = 25;

/** Whose requests and grants a lockdown has met, and the person that it is of. */
const peopleUnder = async ({ id, scope }: Lockdown, { lockdowns, requests }: PeoplePorts): Promise<Set<string>> => {
  if (scope.kind === 'person') return new Set([scope.personId]);
  const ids = (await lockdowns.hits(id)).flatMap(({ subject }) =>
    subject.kind === 'request' ? subject.requestId : [],
  );
  const people = new Set<string>();
  for (let first = 0; first < ids.length; first += atOnce) {
    const some = await Promise.all(ids.slice(first, first + atOnce).map((requestId) => requests.get(requestId)));
    for (const request of some) if (request) people.add(request.personId);
  }
  return people;
};

/** Tells each, once, who was told that the lockdown hits them. Throws `SlackUnavailable`. */
export const tellFreed = async (policy: Policy, lockdown: Lockdown, ports: PeoplePorts): Promise<void> => {
  for (const personId of await peopleUnder(lockdown, ports)) {
    const slackUserId = slackUserOf(policy, personId);
    const note = freedNote(policy, lockdown, personId);
    const told = await ports.postings.get(subjects.hit(lockdown.id, personId));
    if (slackUserId === undefined || !note || !told) continue;
    await postOnce(`lockdown-freed:${lockdown.id}:${personId}`, slackUserId, note, ports);
  }
};
