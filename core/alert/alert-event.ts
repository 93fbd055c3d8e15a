import type { DomainEvent, EventName } from '#events/registry.ts';
import type { Alert } from './alert.ts';

type AlertEventName = Extract<EventName, `alert.${string}`>;

/** The event that tells of a change of an alert. Its id names the version, so publishing it again is nothing. */
export const alertEvent = (name: AlertEventName, alert: Alert, at: string, by?: string): DomainEvent => ({
  name,
  detail: {
    eventId: `${alert.id}.${alert.version}`,
    at,
    alertId: alert.id,
    version: alert.version,
    detection: alert.detection,
    severity: alert.severity,
    ...(by !== undefined && { by }),
  },
});
