/** What names the one message of a request or an alert among all postings. */
export const subjects = {
  card: (requestId: string): string => `card:${requestId}`,
  alert: (alertId: string): string => `alert:${alertId}`,
} as const;
