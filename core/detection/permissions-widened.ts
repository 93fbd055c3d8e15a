import { policyArnOf } from '#core/aws-arn.ts';
import { isBoundaryArn } from '#core/aws-policy.ts';
import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { nameOfCaller, nameOfRole } from './describe.ts';
import { changeOf, type TrailDetection } from './detection.ts';

import { isOnboarding, type Known, revokerRole } from './known.ts';
import { admin, change, onboarder, ordersAdmin, production, revoker } from './sample-world.ts';
import type { PolicyChanged, RoleChanged, TrailEvent } from './trail-event.ts';

const administrator = policyArnOf('aws', 'AdministratorAccess');

/** AWS's own policy for shutting a role: it allows nothing. */
const denyAll = policyArnOf('aws', 'AWSDenyAll');

/** Daypass writes its deny through the revoker; what else that writes is a detection of its own. */
const isRevokers = ({ name, caller, role }: RoleChanged, known: Known): boolean =>
  name === 'PutRolePolicy' && revokerRole(known, caller.role)?.accountId === role.accountId;

/** What was done; undefined where no session can do more for it. */
const wideningOf = (event: RoleChanged, known: Known): string | undefined => {
  const { name, role, policyName = 'unknown', policyArn = 'unknown', onlyDenies } = event;
  if (onlyDenies || policyArn === denyAll || isRevokers(event, known)) return undefined;
  return name === 'AttachRolePolicy'
    ? `The policy ${policyArn} was attached to ${nameOfRole(role)}`
    : `The inline policy ${policyName} of ${nameOfRole(role)} was written`;
};

/**
 * Managed policies that are meant for managed roles are called like this: an event tells the policy, not what it is
 * attached to.
 */
const isForManagedRoles = (policyArn: string): boolean => /\/daypass-[^/]+$/i.test(policyArn);

/** A new version of the boundary is a detection of its own. */
const isWidened = ({ policyArn, inForce, onlyDenies }: PolicyChanged): boolean =>
  inForce && !onlyDenies && isForManagedRoles(policyArn) && !isBoundaryArn(policyArn);

const by = ({ caller }: TrailEvent): string =>
  `by ${nameOfCaller(caller)}: sessions may do more now than onboarding gave them.`;

const everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const nothing = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';
const ordersArn = policyArnOf(production, 'daypass-orders');

/**
 * What sessions of a managed role, or of the revoker, may do was changed by anyone but onboarding: whoever holds a
 * grant that was approved for reading may write. Whether a policy allows more than the one before, an event does not
 * tell.
 */
export const permissionsWidened: TrailDetection = {
  id: 'permissions-widened',
  severities: ['critical'],
  on: [
    { changes: 'permissions', calls: ['PutRolePolicy'], of: 'managed' },
    { changes: 'permissions', calls: ['AttachRolePolicy'], of: 'watched' },
    { changes: 'policy', calls: ['CreatePolicyVersion', 'SetDefaultPolicyVersion'] },
  ],
  remedy: 'nothing',
  byHand:
    'Daypass cannot take a policy off a role: lock the role down if its sessions may do harm by it, delete or detach in the account the policy that Details names',
  judge: (event, known) => {
    if (isOnboarding(known, event.caller)) return undefined;
    if (event.kind === 'policy-changed' && isWidened(event)) {
      const { policyArn } = event;
      return {
        about: changeOf(policyArn, event),
        summary: `The policy ${policyArn}, which is meant for managed roles, was given another version ${by(event)}`,
      };
    }
    const what = event.kind === 'role-changed' ? wideningOf(event, known) : undefined;
    if (event.kind !== 'role-changed' || what === undefined) return undefined;
    return { role: event.role, about: changeOf(roleArnOf(event.role), event), summary: `${what} ${by(event)}` };
  },
  runbook: {
    means:
      'An inline policy of a managed role was written, a managed policy was attached to one or to the revoker, or a managed policy called `daypass-…` was given another version, by anyone but onboarding. Every live and coming session of the role may do what it allows, within the boundary: a grant that was approved for reading may write.',
    urgent: 'At once, if it was not a change that you know of.',
    check: [
      'Who did it, on the card. What the role may do now:',
      {
        run: [
          `aws iam list-role-policies --profile production --role-name ${ordersAdmin}`,
          `aws iam list-attached-role-policies --profile production --role-name ${ordersAdmin}`,
          `aws iam get-role-policy --profile production --role-name ${ordersAdmin} --policy-name permissions`,
        ],
      },
    ],
    mend: [
      `If somebody may use it for harm, lock the role down: \`${commandName} lockdown role production/${ordersAdmin} --reason …\` ends its sessions and lets nobody take it. Then take off what was added, by the name in Details:`,
      {
        run: [
          `aws iam delete-role-policy --profile production --role-name ${ordersAdmin} --policy-name POLICY_NAME`,
          `aws iam detach-role-policy --profile production --role-name ${ordersAdmin} --policy-arn POLICY_ARN`,
          'aws iam set-default-policy-version --profile production --policy-arn POLICY_ARN --version-id v1',
        ],
      },
      `Where it was the policy \`permissions\`, onboarding writes it again once it is deleted (docs/runbook.md#onboard-an-account-again); never delete \`${denyPolicyName}\`. Look in CloudTrail for what the role’s sessions did in between, and lift the lockdown.`,
    ],
    mendedWhen:
      'The role has the policies of your permissions file and no others. Answer the alert with Expected and say in its thread what was done.',
  },
  samples: {
    hits: [
      {
        event: change('PutRolePolicy', admin, {
          roleName: ordersAdmin,
          policyName: 'permissions',
          policyDocument: everything,
        }),
      },
      { event: change('AttachRolePolicy', admin, { roleName: ordersAdmin, policyArn: administrator }) },
      { event: change('AttachRolePolicy', admin, { roleName: revokerRoleName, policyArn: administrator }) },
      {
        event: change('CreatePolicyVersion', admin, {
          policyArn: ordersArn,
          policyDocument: everything,
          setAsDefault: true,
        }),
      },
      { event: change('SetDefaultPolicyVersion', admin, { policyArn: ordersArn, versionId: 'v2' }) },
    ],
    passes: [
      {
        event: change('PutRolePolicy', onboarder, {
          roleName: ordersAdmin,
          policyName: 'permissions',
          policyDocument: everything,
        }),
      },
      {
        event: change('PutRolePolicy', revoker, {
          roleName: ordersAdmin,
          policyName: denyPolicyName,
          policyDocument: nothing,
        }),
      },
      // Whoever shuts a role in an emergency gives nobody more.
      {
        event: change('PutRolePolicy', admin, {
          roleName: ordersAdmin,
          policyName: 'emergency-deny',
          policyDocument: nothing,
        }),
      },
      { event: change('AttachRolePolicy', admin, { roleName: ordersAdmin, policyArn: denyAll }) },
      { event: change('AttachRolePolicy', admin, { roleName: 'build-agent', policyArn: administrator }) },
      { event: change('CreatePolicyVersion', admin, { policyArn: ordersArn, policyDocument: everything }) },
      {
        event: change('SetDefaultPolicyVersion', admin, {
          policyArn: policyArnOf(production, 'build-agent'),
          versionId: 'v2',
        }),
      },
    ],
  },
};
