import { roleOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { nameOfRole } from './describe.ts';
import { type Described, dedupKeyOf, lookAndPutRight } from './detection.ts';
import type { Finding } from './finding.ts';
import { ordersAdmin } from './sample-world.ts';

/**
 * The sweeper found a deny of Daypass on a role that has no ledger: it lets nobody in, and nobody knows what it is for.
 */
export const orphanedDeny: Described = {
  id: 'orphaned-deny',
  severities: ['low'],
  remedy: 'nothing',
  byHand: lookAndPutRight,
  runbook: {
    means:
      'A managed role has denials of Daypass, and no revocation on record explains them: the table was lost or is of an earlier time, or somebody copied the policy from another role. They let nobody in; they may keep somebody out.',
    urgent: 'Within the day.',
    check: [{ run: [`${commandName} revocations ${ordersAdmin}`] }],
    mend: [
      'Where nothing was revoked there in the last 25 hours, take what begins with `Daypass` out of the policy. Otherwise leave it until then.',
    ],
    mendedWhen: 'The next hour brings no further alert about it.',
  },
};

export const orphanedDenyOn = (roleArn: string, at: string): Finding => ({
  detection: orphanedDeny.id,
  severity: 'low',
  dedupKey: dedupKeyOf(orphanedDeny, [roleArn]),
  summary: `${nameOfRole(roleOf(roleArn))} has denials of Daypass in ${denyPolicyName} that no revocation on record explains. They let nobody in and may keep somebody out.`,
  at,
  // Once an hour, like the look for it.
  eventId: `orphan:${roleArn}:${at.slice(0, 13)}`,
  accountId: roleOf(roleArn).accountId,
  roleArn,
  facts: { Role: roleArn, Policy: denyPolicyName, 'Found by': 'the sweeper' },
});
