import type { Finding } from './finding.ts';
import type { Unparsed } from './trail-event.ts';

/** An event that a rule let through and nobody could read: people should know, since it may hide what a detection looks for. */
export const unparsedEvent = ({ unparsed, eventId, accountId, at }: Unparsed, nowAt: string): Finding => ({
  detection: 'unparsed-event',
  severity: 'low',
  dedupKey: `unparsed-event:${accountId}:${unparsed}`,
  summary: `A CloudTrail event of account ${accountId} could not be read: ${unparsed}.`,
  at: at ?? nowAt,
  eventId,
  accountId,
  roleArn: 'unknown',
  facts: { Why: unparsed, 'Event id': eventId },
});
