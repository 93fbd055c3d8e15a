import { policyArnOf } from '#core/aws-arn.ts';
import { revokerRoleName } from '#core/aws-role.ts';
import { nameOfCaller, nameOfRole } from './describe.ts';
import { roleAndCaller, type TrailDetection } from './detection.ts';
import { isOnboarding } from './known.ts';
import { admin, change, onboarder, ordersAdmin, production } from './sample-world.ts';

const verbs: Readonly<Record<string, string>> = {
  PutRolePermissionsBoundary: 'replaced',
  DeleteRolePermissionsBoundary: 'removed',
};

const boundaryArn = policyArnOf(production, 'daypass-boundary');

/**
 * The permissions boundary of a watched role was changed by anyone but onboarding. Daypass may not write boundaries, so
 * writing the deny again would mend nothing: people must put it back.
 */
export const boundaryChanged: TrailDetection = {
  id: 'boundary-changed',
  severities: ['critical'],
  on: [{ changes: 'permissions', calls: Object.keys(verbs), of: 'watched' }],
  remedy: 'nothing',
  byHand: 'Daypass cannot restore a permissions boundary: put it back on the role in the account',
  judge: (event, known) => {
    if (event.kind !== 'role-changed' || isOnboarding(known, event.caller)) return undefined;
    const { name, role, caller } = event;
    return {
      role,
      about: roleAndCaller(role, event),
      summary: `The permissions boundary, which keeps a session from removing its own deny, was ${verbs[name]} on ${nameOfRole(role)} by ${nameOfCaller(caller)}.`,
    };
  },
  runbook: {
    means:
      'The permissions boundary of a managed role or of the revoker was replaced or removed. It is what keeps a session from taking off its own deny.',
    urgent: 'At once. Daypass may not write boundaries, so there is no Revoke.',
    check: [
      {
        run: [
          `aws iam get-role --profile production --role-name ${ordersAdmin} --query 'Role.PermissionsBoundary.PermissionsBoundaryArn'`,
        ],
      },
    ],
    mend: [
      'Put it back, or onboard the account again (docs/runbook.md#onboard-an-account-again):',
      {
        run: [
          `aws iam put-role-permissions-boundary --profile production --role-name ${ordersAdmin} --permissions-boundary ${boundaryArn}`,
        ],
      },
      'Then look at what the role’s sessions did to IAM in between, and end them (docs/runbook.md#revoke-everything-now).',
    ],
    mendedWhen:
      '`daypass doctor` finds the boundary. Answer the alert with Expected and say in its thread what was done.',
  },
  samples: {
    hits: [
      { event: change('DeleteRolePermissionsBoundary', admin, { roleName: ordersAdmin }) },
      {
        event: change('PutRolePermissionsBoundary', admin, {
          roleName: revokerRoleName,
          permissionsBoundary: policyArnOf('aws', 'AdministratorAccess'),
        }),
      },
    ],
    passes: [
      {
        event: change('PutRolePermissionsBoundary', onboarder, {
          roleName: ordersAdmin,
          permissionsBoundary: boundaryArn,
        }),
      },
      { event: change('DeleteRolePermissionsBoundary', admin, { roleName: 'build-agent' }) },
    ],
  },
};
