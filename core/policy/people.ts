import type { Person, Policy } from './policy.ts';

export const personById = (policy: Policy, personId: string): Person | undefined =>
  policy.people.find((person) => person.id === personId);

/** Nobody from another workspace is anybody here, even where the user ids are the same. */
export const personBySlack = (policy: Policy, teamId: string, userId: string): Person | undefined =>
  teamId === policy.slack.teamId ? policy.people.find((person) => person.slackUserIds.includes(userId)) : undefined;

export const personByEmail = (policy: Policy, email: string): Person | undefined =>
  policy.people.find((person) => person.emails.includes(email.toLowerCase()));

/** The person's name for people; the id where the policy no longer knows the person. */
export const nameOf = (policy: Policy, personId: string): string => personById(policy, personId)?.name ?? personId;

/** Who is in at least one of the groups: known people, each once, in the order of `people`. */
export const peopleIn = (policy: Policy, groups: readonly string[]): readonly Person[] => {
  const named = Object.entries(policy.groups).filter(([group]) => groups.includes(group));
  const members = new Set(named.flatMap(([, people]) => people));
  return policy.people.filter((person) => members.has(person.id));
};

export const groupsOf = (policy: Policy, personId: string): readonly string[] =>
  personById(policy, personId) === undefined
    ? []
    : Object.keys(policy.groups).filter((group) => policy.groups[group]?.includes(personId));

/** False for somebody who is not among `people`, whatever the groups say. */
export const isIn = (policy: Policy, personId: string, groups: readonly string[]): boolean =>
  groupsOf(policy, personId).some((group) => groups.includes(group));
