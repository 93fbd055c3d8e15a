import { policyArnOf } from '#core/aws-arn.ts';
import { boundaryName, isBoundaryArn } from '#core/aws-policy.ts';
import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { nameOfCaller, nameOfRole } from './describe.ts';
import { changeOf, type TrailDetection } from './detection.ts';
import { isOnboarding } from './known.ts';
import { admin, change, onboarder, ordersAdmin, production } from './sample-world.ts';

const verbs: Readonly<Record<string, string>> = {
  PutRolePermissionsBoundary: 'replaced',
  DeleteRolePermissionsBoundary: 'removed',
};

const boundaryArn = policyArnOf(production, boundaryName);

/**
 * The permissions boundary of a watched role, or what it says, was changed by anyone but onboarding. Daypass may not
 * write boundaries, so writing the deny again would mend nothing: people must put it back.
 */
export const boundaryChanged: TrailDetection = {
  id: 'boundary-changed',
  severities: ['critical'],
  on: [
    { changes: 'permissions', calls: Object.keys(verbs), of: 'watched' },
    { changes: 'policy', calls: ['CreatePolicyVersion', 'SetDefaultPolicyVersion'] },
  ],
  remedy: 'nothing',
  byHand: 'Daypass cannot restore a permissions boundary: put it back on the role in the account',
  judge: (event, known) => {
    if (isOnboarding(known, event.caller)) return undefined;
    const { name, caller, accountId } = event;
    if (event.kind === 'policy-changed' && event.inForce && isBoundaryArn(event.policyArn)) {
      return {
        about: changeOf(policyArnOf(accountId, boundaryName), event),
        summary: `The permissions boundary of all managed roles of account ${accountId}, which keeps a session from removing its own deny, was given another version by ${nameOfCaller(caller)}.`,
      };
    }
    if (event.kind !== 'role-changed') return undefined;
    const { role } = event;
    return {
      role,
      about: changeOf(roleArnOf(role), event),
      summary: `The permissions boundary, which keeps a session from removing its own deny, was ${verbs[name]} on ${nameOfRole(role)} by ${nameOfCaller(caller)}.`,
    };
  },
  runbook: {
    means:
      'The permissions boundary of a managed role or of the revoker was replaced or removed, or what the boundary says was changed for all roles of the account. It is what keeps a session from taking off its own deny.',
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
      'Where the policy itself was given another version, make the one of onboarding the default again:',
      {
        run: [
          `aws iam list-policy-versions --profile production --policy-arn ${boundaryArn} --query 'Versions[].[VersionId,IsDefaultVersion,CreateDate]' --output table`,
          `aws iam set-default-policy-version --profile production --policy-arn ${boundaryArn} --version-id v1`,
        ],
      },
      'Then look at what the role’s sessions did to IAM in between, and end them (docs/runbook.md#revoke-everything-now).',
    ],
    mendedWhen: `\`${commandName} doctor\` finds the boundary. Answer the alert with Expected and say in its thread what was done.`,
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
      {
        event: change('CreatePolicyVersion', admin, {
          policyArn: boundaryArn,
          policyDocument: '{}',
          setAsDefault: true,
        }),
      },
      // IAM does not tell names apart by case.
      {
        event: change('SetDefaultPolicyVersion', admin, {
          policyArn: policyArnOf(production, boundaryName.toUpperCase()),
          versionId: 'v2',
        }),
      },
    ],
    passes: [
      { event: change('CreatePolicyVersion', admin, { policyArn: boundaryArn, policyDocument: '{}' }) },
      { event: change('SetDefaultPolicyVersion', onboarder, { policyArn: boundaryArn, versionId: 'v1' }) },
      {
        event: change('SetDefaultPolicyVersion', admin, {
          policyArn: policyArnOf(production, 'build-agent'),
          versionId: 'v2',
        }),
      },
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
