/** What names the one message of a request, an alert or a lockdown among all postings. */
export const subjects = {
  card: (requestId: string): string => `card:${requestId}`,
  lockdown: (lockdownId: string): string => `lockdown:${lockdownId}`,
  alert: (alertId: string): string => `alert:${alertId}`,
} as const;
