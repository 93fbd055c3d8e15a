import { roleArnOf, roleOf } from '#core/aws-role.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { nameOfCaller, nameOfRole } from './describe.ts';
import { changeOf, dedupKeyOf, lookAndPutRight, type TrailDetection } from './detection.ts';
import type { Finding } from './finding.ts';
import { isOnboarding, type Known, revokerRole } from './known.ts';
import { admin, change, ordersAdmin, revoker } from './sample-world.ts';
import type { RoleChanged } from './trail-event.ts';

/**
 * What was done to what; undefined where it does not touch the deny. No other inline policy can: an explicit deny
 * always wins.
 */
const tampering = ({ name, policyName }: RoleChanged): string | undefined => {
  if (policyName !== denyPolicyName) return undefined;
  return name === 'DeleteRolePolicy'
    ? `The deny policy ${denyPolicyName} was deleted`
    : `The deny policy ${denyPolicyName} was written (the console’s Revoke button does this too)`;
};

/** Daypass writes the deny through its revoker and never deletes it, so that is all that the revoker may do. */
const isOwnWork = ({ name, caller, role }: RoleChanged, known: Known): boolean =>
  name === 'PutRolePolicy' && revokerRole(known, caller.role)?.accountId === role.accountId;

const onlyDenies = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

/** What keeps revoked sessions out was edited or deleted by anyone but Daypass. */
export const denyPolicyTampered: TrailDetection = {
  id: 'deny-policy-tampered',
  severities: ['critical'],
  on: [{ changes: 'permissions', calls: ['PutRolePolicy', 'DeleteRolePolicy'], of: 'managed' }],
  remedy: 'restore-deny',
  byHand: lookAndPutRight,
  // Each write of our own comes by here too, and needs no look at the ledger.
  asks: (event) =>
    event.kind === 'role-changed' && event.name === 'DeleteRolePolicy' && event.policyName === denyPolicyName
      ? { revokedOn: roleArnOf(event.role) }
      : {},
  judge: (event, known, { denies }) => {
    const what = event.kind === 'role-changed' ? tampering(event) : undefined;
    if (event.kind !== 'role-changed' || !what || isOwnWork(event, known) || isOnboarding(known, event.caller))
      return undefined;
    const { role, caller } = event;
    // What denied nobody lets nobody in. But the revoker deletes nothing at all.
    if (event.name === 'DeleteRolePolicy' && denies === false && !revokerRole(known, caller.role)) return undefined;
    return {
      role,
      about: changeOf(roleArnOf(role), event),
      summary: `${what} on ${nameOfRole(role)} by ${nameOfCaller(caller)}. Daypass puts its denials back by itself and keeps what others deny.`,
    };
  },
  runbook: {
    means: `\`${denyPolicyName}\` on a managed role was deleted or written by anyone but Daypass. The console’s button *Revoke active sessions* does exactly this.`,
    urgent: 'At once, if it was no colleague with that button.',
    check: [
      'Who did it, on the card, and what stands there now:',
      {
        run: [
          `aws cloudtrail lookup-events --profile production --region us-east-1 --lookup-attributes AttributeKey=ResourceName,AttributeValue=${ordersAdmin} --max-results 10 --query 'Events[].[EventTime,Username,EventName]' --output table`,
          `aws iam get-role-policy --profile production --role-name ${ordersAdmin} --policy-name ${denyPolicyName}`,
        ],
      },
    ],
    mend: [
      '*Revoke* on the alert writes the deny again from what Daypass knows; denials that others put there stay. *Expected* if it was the button: Daypass keeps that statement too, never lowers its time, and puts it back where it was lost, until the last session of before is dead (a day and 15 minutes: 12 hours of credentials, and a console session made with them).',
    ],
    mendedWhen: 'The card says that the deny was read back.',
  },
  samples: {
    hits: [
      { event: change('DeleteRolePolicy', admin, { roleName: ordersAdmin, policyName: denyPolicyName }) },
      {
        event: change('PutRolePolicy', admin, {
          roleName: ordersAdmin,
          policyName: denyPolicyName,
          policyDocument: onlyDenies,
        }),
      },
      // Daypass never deletes it, so whoever does that with the revoker is not Daypass.
      { event: change('DeleteRolePolicy', revoker, { roleName: ordersAdmin, policyName: denyPolicyName }) },
    ],
    passes: [
      {
        event: change('PutRolePolicy', revoker, {
          roleName: ordersAdmin,
          policyName: denyPolicyName,
          policyDocument: onlyDenies,
        }),
      },
      { event: change('DeleteRolePolicy', admin, { roleName: ordersAdmin, policyName: 'orders' }) },
      { event: change('DeleteRolePolicy', admin, { roleName: 'build-agent', policyName: denyPolicyName }) },
    ],
  },
};

/**
 * The sweeper's finding: CloudTrail's event about it, which names who did it and is an alert of its own, may come
 * before or after, or never.
 */
export const denyPutBack = (roleArn: string, { at, count }: { at: string; count: number }): Finding => ({
  detection: denyPolicyTampered.id,
  severity: 'critical',
  dedupKey: dedupKeyOf(denyPolicyTampered, [roleArn]),
  summary: `The deny policy ${denyPolicyName} of ${nameOfRole(roleOf(roleArn))} was not as Daypass had left it. It was put back.`,
  at,
  eventId: `restored:${roleArn}:${count}`,
  accountId: roleOf(roleArn).accountId,
  roleArn,
  facts: { Role: roleArn, Policy: denyPolicyName, 'Found by': 'the sweeper', 'Put back at': at },
});
