import type { Ephemeral } from './message.ts';

/** How many of a person's ephemeral messages are kept; the oldest go first. */
const mostKept = 100;

export type Ephemerals = ReturnType<typeof createEphemerals>;

/** What only one person sees. In memory only: it may hold what nobody else should read, and Slack forgets it too. */
export const createEphemerals = () => {
  const kept = new Map<string, readonly Ephemeral[]>();
  const of = (personId: string): readonly Ephemeral[] => kept.get(personId) ?? [];
  const find = (personId: string, conversationId: string, ts: string): Ephemeral | undefined =>
    of(personId).find((each) => each.conversationId === conversationId && each.ts === ts);
  return {
    of,
    find,
    add: (message: Ephemeral): void => {
      kept.set(message.personId, [...of(message.personId), message].slice(-mostKept));
    },
    replace: (message: Ephemeral): void => {
      kept.set(
        message.personId,
        of(message.personId).map((each) => (each.ts === message.ts ? message : each)),
      );
    },
    /** False when there was none. */
    remove: (personId: string, conversationId: string, ts: string): boolean => {
      if (!find(personId, conversationId, ts)) return false;
      kept.set(
        personId,
        of(personId).filter((each) => each.ts !== ts),
      );
      return true;
    },
  };
};
