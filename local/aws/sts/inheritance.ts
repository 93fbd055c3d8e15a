import type { RoleSession } from '../service.ts';
import { type AssumeRoleInput, invalidParameter } from './parameters.ts';

/** What a session made from another session takes over from it. */
export type Inherited = { tags: Readonly<Record<string, string>>; sourceIdentity?: string };

const sameKey = (key: string) => (other: string) => other.toLowerCase() === key.toLowerCase();

/** The transitive tags and the source identity of the calling session; nothing of a user. */
export const inheritedFrom = (session: RoleSession | undefined): Inherited => {
  if (!session) return { tags: {} };
  const transitive = Object.entries(session.tags).filter(([key]) => session.transitiveTagKeys.some(sameKey(key)));
  const { sourceIdentity } = session;
  return { tags: Object.fromEntries(transitive), ...(sourceIdentity === undefined ? {} : { sourceIdentity }) };
};

/** Throws InvalidParameterValue when a tag would set again what is inherited. */
export const checkInheritedTags = (input: AssumeRoleInput, inherited: Inherited): void => {
  const keys = Object.keys(inherited.tags);
  if (Object.keys(input.tags).some((key) => keys.some(sameKey(key)))) {
    throw invalidParameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
};

/** Inherited tags win over passed ones, and those over the role's own, without regard to the case of keys. */
export const mergeTags = (...fromWeakest: readonly Readonly<Record<string, string>>[]): Record<string, string> => {
  const merged = new Map<string, [key: string, value: string]>();
  for (const tags of fromWeakest) {
    for (const [key, value] of Object.entries(tags)) merged.set(key.toLowerCase(), [key, value]);
  }
  return Object.fromEntries(merged.values());
};
