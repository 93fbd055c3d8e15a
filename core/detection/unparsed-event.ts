import { callerKey, nameOfCaller } from './describe.ts';
import type { Finding } from './finding.ts';
import type { Unparsed } from './trail-event.ts';

/**
 * An event that a rule let through and nobody could read: people should know, since it may hide what a detection looks
 * for. CloudTrail leaves out what is larger than 100 KB, so anybody can make their own change of a role unreadable: that
 * is high, and one caller's is never told under another's.
 */
export const unparsedEvent = ({ unparsed, eventId, accountId, at, roleChange }: Unparsed, nowAt: string): Finding => {
  const about = {
    detection: 'unparsed-event',
    at: at ?? nowAt,
    eventId,
    accountId,
    roleArn: 'unknown',
  };
  const dedupKey = `unparsed-event:${accountId}:${unparsed}`;
  const summary = `A CloudTrail event of account ${accountId} could not be read: ${unparsed}`;
  const facts = { Why: unparsed, 'Event id': eventId };
  if (!roleChange) return { ...about, severity: 'low', dedupKey, summary: `${summary}.`, facts };
  const { name, caller } = roleChange;
  return {
    ...about,
    severity: 'high',
    dedupKey: `${dedupKey}:${name}:${callerKey(caller)}`,
    summary: `${summary} (${name} by ${nameOfCaller(caller)}).`,
    facts: { Call: `iam:${name}`, Caller: (caller.arn ?? nameOfCaller(caller)).slice(0, 256), ...facts },
  };
};
