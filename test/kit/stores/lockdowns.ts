import type { InForce, Lockdown } from '#core/lockdown/lockdown.ts';
import { subjectText } from '#core/lockdown/subject.ts';
import type { Hit } from '#core/lockdown/tally.ts';
import type { LockdownStore } from '#ports/lockdown-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

const entryOf = ({ id, scope, reason, begunAt, begunBy }: Lockdown): InForce => ({
  id,
  scope,
  reason,
  begunAt,
  begunBy,
});

/** What `adapters/aws/lockdown-store.ts` is on DynamoDB. `test/contract/stores.test.ts` holds the two to the same. */
export const memoryLockdowns = (memory: Memory): LockdownStore => ({
  register: async () => copy(memory.register),
  get: async (id) => {
    const found = memory.lockdowns.get(id);
    return found && copy(found);
  },
  save: async ({ lockdown, audit, events }, register) => {
    const { id } = lockdown;
    mustFollow(`Lockdown ${id}`, memory.lockdowns.get(id)?.version ?? 0, lockdown.version);
    if (register) mustFollow('What is locked down', memory.register.version, register.version + 1);
    memory.lockdowns.set(id, copy(lockdown));
    memory.lockdownAudit.set(id, [...(memory.lockdownAudit.get(id) ?? []), copy(audit)]);
    for (const event of events) memory.outbox.set(event.detail.eventId, copy(event));
    if (!register) return;
    const others = register.lockdowns.filter((each) => each.id !== id);
    const lockdowns = lockdown.status === 'in-force' ? [...others, entryOf(lockdown)] : others;
    memory.register = copy({ version: register.version + 1, lockdowns });
  },
  note: async (id, hits) => {
    const known = memory.hits.get(id) ?? new Map<string, Hit>();
    memory.hits.set(id, known);
    for (const hit of hits) {
      const key = subjectText(hit.subject);
      if (hit.outcome !== 'found' || !known.has(key)) known.set(key, copy(hit));
    }
  },
  hits: async (id) =>
    [...(memory.hits.get(id) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, hit]) => copy(hit)),
  audit: async (id) => (memory.lockdownAudit.get(id) ?? []).map((entry) => copy(entry)),
});
