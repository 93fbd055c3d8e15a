/**
 * What names the one message of a request, an extension, an alert or a lockdown among all postings, or that tells
 * one person of a lockdown.
 */
export const subjects = {
  card: (requestId: string): string => `card:${requestId}`,
  extension: (extensionId: string): string => `extension:${extensionId}`,
  lockdown: (lockdownId: string): string => `lockdown:${lockdownId}`,
  hit: (lockdownId: string, personId: string): string => `lockdown-hit:${lockdownId}:${personId}`,
  alert: (alertId: string): string => `alert:${alertId}`,
} as const;
