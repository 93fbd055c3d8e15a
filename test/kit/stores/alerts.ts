import type { AlertStore } from '#ports/alert-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

/** What `adapters/aws/alert-store.ts` is on DynamoDB. `test/contract/stores.test.ts` holds the two to the same. */
export const memoryAlerts = ({ alerts, alike, outbox }: Memory): AlertStore => ({
  get: async (id) => {
    const found = alerts.get(id);
    return found && copy(found);
  },
  save: async ({ alert, events }) => {
    mustFollow(`Alert ${alert.id}`, alerts.get(alert.id)?.version ?? 0, alert.version);
    alerts.set(alert.id, copy(alert));
    for (const event of events) outbox.set(event.detail.eventId, copy(event));
  },
  admit: async (alertId, { id, most }) => {
    const members = alike.get(id) ?? new Set();
    if (!members.has(alertId) && members.size >= most) return false;
    alike.set(id, members.add(alertId));
    return true;
  },
  open: async () => [...alerts.values()].filter(({ status }) => status !== 'closed').map(copy),
});
