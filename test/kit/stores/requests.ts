import { encodeTime } from 'ulid';
import { DaypassError } from '#core/errors.ts';
import type { Count } from '#core/limits.ts';
import { isClosed } from '#core/request/moves.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { RequestStore } from '#ports/request-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

export const countKey = ({ limit, who, window }: Count): string => `${limit} ${who} ${window}`;

/** What `adapters/aws/request-store.ts` is on DynamoDB. `test/contract/stores.test.ts` holds the two to the same. */
export const memoryRequests = ({ requests, sessions, audit, outbox, counts }: Memory): RequestStore => {
  const newestFirst = (keep: (request: AccessRequest) => boolean): AccessRequest[] =>
    [...requests.values()]
      .filter(keep)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .map(copy);
  return {
    get: async (id) => {
      const found = requests.get(id);
      return found && copy(found);
    },
    save: async (change) => {
      const { request, audit: entry } = change;
      const entries = audit.get(request.id) ?? [];
      mustFollow(`Request ${request.id}`, requests.get(request.id)?.version ?? 0, request.version);
      if (entries.some(({ seq }) => seq === entry.seq)) {
        throw new DaypassError('VersionConflict', `The audit of request ${request.id} has this entry already.`);
      }
      for (const count of change.counts ?? []) {
        if ((counts.get(countKey(count)) ?? 0) >= count.most) {
          throw new DaypassError('LimitReached', 'There were as many as there may be.', { cause: count });
        }
      }
      for (const count of change.counts ?? []) counts.set(countKey(count), (counts.get(countKey(count)) ?? 0) + 1);
      requests.set(request.id, copy(request));
      audit.set(request.id, [...entries, copy(entry)]);
      for (const session of change.sessions ?? []) sessions.set(session.mintId, copy(session));
      for (const event of change.events) outbox.set(event.detail.eventId, copy(event));
    },
    recount: async (count, to) => {
      if ((counts.get(countKey(count)) ?? 0) >= count.most) counts.set(countKey(count), to);
    },
    askedBetween: async (personId, fromMs, toMs) =>
      newestFirst(
        ({ id, personId: by }) => by === personId && id >= encodeTime(fromMs, 10) && id <= `${encodeTime(toMs, 10)}~`,
      ),
    ofPerson: async (personId, limit = 50, before) =>
      newestFirst(({ id, personId: by }) => by === personId && (before === undefined || id < before)).slice(0, limit),
    openOf: async (personId, sinceMs) =>
      newestFirst((request) => request.personId === personId && request.id >= encodeTime(sinceMs, 10))
        .slice(0, 5_000)
        .filter(({ status }) => !isClosed(status)),
    withStatus: async (status, { limit, before } = { limit: Number.POSITIVE_INFINITY }) =>
      newestFirst(
        (request) =>
          !isClosed(request.status) && request.status === status && (before === undefined || request.id < before),
      ).slice(0, limit),
    audit: async (id) => (audit.get(id) ?? []).map(copy),
  };
};
