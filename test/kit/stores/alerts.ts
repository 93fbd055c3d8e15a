import type { AlertStore } from '#ports/alert-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

/** Alerts are raised and kept. That people answer them is not part of the model, so none is open for the sweeper. */
export const memoryAlerts = ({ alerts, outbox }: Memory): AlertStore => ({
  get: async (id) => {
    const found = alerts.get(id);
    return found && copy(found);
  },
  save: async ({ alert, events }) => {
    mustFollow(`Alert ${alert.id}`, alerts.get(alert.id)?.version ?? 0, alert.version);
    alerts.set(alert.id, copy(alert));
    for (const event of events) outbox.set(event.detail.eventId, copy(event));
  },
  open: async () => [],
});
