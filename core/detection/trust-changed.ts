import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';

import { commandName } from '#core/command-name.ts';

import { nameOfCaller, nameOfRole } from './describe.ts';
import { changeOf, lookAndPutRight, type TrailDetection } from './detection.ts';
import { isOnboarding } from './known.ts';
import { trailSample } from './sample-records.ts';
import { admin, change, onboarder, ordersAdmin, production } from './sample-world.ts';

/** What was done, by call. A role that is deleted and made anew has another id, which no earlier deny names. */
const changes: Readonly<Record<string, string>> = {
  UpdateAssumeRolePolicy: 'The trust policy of',
  CreateRole: 'A new role',
  AcquireRole: 'A new role',
  DeleteRole: 'The role',
  UpdateRole: 'The settings of',
};

const verbs: Readonly<Record<string, string>> = {
  CreateRole: 'made',
  AcquireRole: 'made from a template',
  DeleteRole: 'deleted',
};

const acquired = trailSample('iam', 'AcquireRole', production, {
  userIdentity: admin,
  responseElements: { role: { roleName: ordersAdmin } },
});

/**
 * Who may assume a managed role, or the revoker, was changed by anyone but onboarding. There is no session to end:
 * people must put it right.
 */
export const trustChanged: TrailDetection = {
  id: 'trust-changed',
  severities: ['critical', 'high'],
  on: [{ changes: 'trust', calls: Object.keys(changes), of: 'watched' }],
  remedy: 'end-ungranted',
  byHand: lookAndPutRight,
  judge: (event, known) => {
    if (event.kind !== 'role-changed' || isOnboarding(known, event.caller)) return undefined;
    const { name, role, caller } = event;
    return {
      severity: name === 'UpdateRole' ? 'high' : 'critical',
      role,
      about: changeOf(roleArnOf(role), event),
      summary: `${changes[name]} ${nameOfRole(role)} was ${verbs[name] ?? 'changed'} by ${nameOfCaller(caller)}.`,
    };
  },
  runbook: {
    means:
      'Who may take a managed role or the revoker was changed, or the role was made, deleted or reset, by anyone but onboarding.',
    urgent: 'At once; *high* (only the role’s settings changed): the same day.',
    check: [
      {
        run: [
          `aws iam get-role --profile production --role-name ${ordersAdmin} --query 'Role.[RoleId,CreateDate,MaxSessionDuration,PermissionsBoundary.PermissionsBoundaryArn,AssumeRolePolicyDocument]'`,
          `${commandName} doctor`,
        ],
      },
    ],
    mend: [
      '*Revoke* denies every session of the role that carries no grant; grants go on. The trust itself is not Daypass’s to write: onboard the account again (docs/runbook.md#onboard-an-account-again). A role that was deleted and made anew has a new id, and denies that stood on it are gone: *Revoke* on any alert of it, or the next revocation, writes them again.',
    ],
    mendedWhen: `\`${commandName} doctor\` says that trust, boundary and duration are right.`,
  },
  samples: {
    hits: [
      { event: change('UpdateAssumeRolePolicy', admin, { roleName: ordersAdmin, policyDocument: '{}' }) },
      { event: change('UpdateAssumeRolePolicy', admin, { roleName: revokerRoleName, policyDocument: '{}' }) },
      { event: change('CreateRole', admin, { roleName: ordersAdmin, assumeRolePolicyDocument: '{}' }) },
      // AWS makes roles from its templates; what they are called may stand in the answer only.
      { event: acquired },
      // IAM does not tell names apart by case.
      { event: change('DeleteRole', admin, { roleName: ordersAdmin.toUpperCase() }) },
      { event: change('UpdateRole', admin, { roleName: ordersAdmin, maxSessionDuration: 43_200 }) },
    ],
    passes: [
      { event: change('UpdateAssumeRolePolicy', onboarder, { roleName: ordersAdmin, policyDocument: '{}' }) },
      { event: change('UpdateAssumeRolePolicy', admin, { roleName: 'build-agent', policyDocument: '{}' }) },
    ],
  },
};
