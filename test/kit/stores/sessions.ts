import { encodeTime } from 'ulid';
import type { SessionStore } from '#ports/session-store.ts';
import { copy, type Memory } from './memory.ts';

/** What `adapters/aws/session-store.ts` is on DynamoDB; the sessions are saved with their requests. */
export const memorySessions = ({ sessions }: Memory): SessionStore => {
  const all = () => [...sessions.values()].map(copy);
  return {
    byMintId: async (mintId) => all().find((session) => session.mintId === mintId),
    byAccessKeyId: async (accessKeyId) => all().find(({ issued }) => issued?.accessKeyId === accessKeyId),
    ofPerson: async (personId, sinceMs) =>
      all()
        .filter((session) => session.personId === personId && session.mintId >= encodeTime(Math.max(0, sinceMs), 10))
        .sort((a, b) => (a.mintId < b.mintId ? 1 : -1)),
  };
};
