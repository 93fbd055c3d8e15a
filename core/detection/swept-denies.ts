import { roleOf } from '#core/aws-role.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { nameOfRole } from './describe.ts';
import type { Finding } from './finding.ts';

/** What the sweeper finds on roles without any event. */

/** A deny of Daypass on a role that has no ledger: it lets nobody in, and nobody knows what it is for. */
export const orphanedDeny = (roleArn: string, at: string): Finding => ({
  detection: 'orphaned-deny',
  severity: 'low',
  dedupKey: `orphaned-deny:${roleArn}`,
  summary: `${nameOfRole(roleOf(roleArn))} has denials of Daypass in ${denyPolicyName} that no revocation on record explains. They let nobody in and may keep somebody out.`,
  at,
  // Once an hour, like the look for it.
  eventId: `orphan:${roleArn}:${at.slice(0, 13)}`,
  accountId: roleOf(roleArn).accountId,
  roleArn,
  facts: { Role: roleArn, Policy: denyPolicyName, 'Found by': 'the sweeper' },
});

/** Of the same alert as CloudTrail's event about it, which names who did it and may come before or after, or never. */
export const denyPutBack = (roleArn: string, { at, count }: { at: string; count: number }): Finding => ({
  detection: 'deny-policy-tampered',
  severity: 'critical',
  dedupKey: `deny-policy-tampered:${roleArn}`,
  summary: `The deny policy ${denyPolicyName} of ${nameOfRole(roleOf(roleArn))} was not as Daypass had left it. It was put back.`,
  at,
  eventId: `restored:${roleArn}:${count}`,
  accountId: roleOf(roleArn).accountId,
  roleArn,
  facts: { Role: roleArn, Policy: denyPolicyName, 'Found by': 'the sweeper', 'Put back at': at },
});
