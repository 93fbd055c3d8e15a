import type { AlertEvent } from '#events/events.ts';
import type { Alert } from './alert.ts';

/** The event that tells of a change of an alert. Its id names the version, so publishing it again is nothing. */
export const alertEvent = (name: AlertEvent['name'], alert: Alert, at: string, by?: string): AlertEvent => ({
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
