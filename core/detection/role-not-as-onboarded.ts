import { roleOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { changesOf, digestOfShape, type RoleShape, saidOf } from '#core/role-shape.ts';
import { nameOfRole } from './describe.ts';
import { type Described, dedupKeyOf, lookAndPutRight } from './detection.ts';
import type { Finding } from './finding.ts';
import { ordersAdmin } from './sample-world.ts';

/** The sweeper found a managed role that is not what onboarding made, whoever changed it and whether an event told. */
export const roleNotAsOnboarded: Described = {
  id: 'role-not-as-onboarded',
  severities: ['critical', 'low'],
  remedy: 'nothing',
  byHand: lookAndPutRight,
  runbook: {
    means:
      'What a managed role may do, who may take it, or its permissions boundary is not what onboarding gave it. The card says what was added and what is gone. It is critical where that lets somebody in or lets sessions do more: a grant that was approved for reading may write.',
    urgent: 'At once where it is critical and nobody knows why, within the day otherwise.',
    check: [
      {
        run: [
          `${commandName} doctor`,
          `aws iam list-role-policies --profile production --role-name ${ordersAdmin}`,
          `aws iam list-attached-role-policies --profile production --role-name ${ordersAdmin}`,
          `aws iam get-role --profile production --role-name ${ordersAdmin}`,
        ],
      },
    ],
    mend: [
      `If somebody may use it for harm, lock the role down first: \`${commandName} lockdown role production/${ordersAdmin} --reason …\`. Then onboard the account again, and take off by hand what onboarding does not know: policies beside \`permissions\` and \`AWSRevokeOlderSessions\`. If the change was wanted, put it into your permissions file and onboard again.`,
    ],
    mendedWhen: `\`${commandName} doctor\` says of the role that it is as onboarded. While it stays as it is it is told once.`,
  },
};

/** `was`: how it was when it was as onboarded, where that was ever seen. */
export const notAsOnboarded = (
  roleArn: string,
  { was, is }: { was: RoleShape | undefined; is: RoleShape },
  at: string,
): Finding => {
  const changes = changesOf(was, is);
  const opens = changes.some((change) => change.opens);
  const digest = digestOfShape(is);
  const what = was ? saidOf(changes) : `what of it is new is not known; ${saidOf(changes)}`;
  return {
    detection: roleNotAsOnboarded.id,
    severity: opens ? 'critical' : 'low',
    dedupKey: dedupKeyOf(roleNotAsOnboarded, [roleArn, digest]),
    summary: `${nameOfRole(roleOf(roleArn))} is not as onboarded: ${what}.`,
    at,
    // The same change found by two sweepers is one; the same change made again later is another one.
    eventId: `role:${digest.slice(0, 32)}:${at.slice(0, 13)}`,
    accountId: roleOf(roleArn).accountId,
    roleArn,
    facts: { Role: roleArn, 'Found by': 'the sweeper' },
  };
};
