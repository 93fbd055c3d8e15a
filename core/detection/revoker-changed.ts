import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';

import { commandName } from '#core/command-name.ts';

import { nameOfCaller, nameOfRole } from './describe.ts';
import { changeOf, type TrailDetection } from './detection.ts';
import { isOnboarding } from './known.ts';
import { admin, change, onboarder } from './sample-world.ts';

const verbs: Readonly<Record<string, string>> = { PutRolePolicy: 'written', DeleteRolePolicy: 'deleted' };

/**
 * What the revoker may do was changed by anyone but onboarding: Daypass may be unable to revoke, or the role may do
 * more than that.
 */
export const revokerChanged: TrailDetection = {
  id: 'revoker-changed',
  severities: ['critical'],
  on: [{ changes: 'permissions', calls: Object.keys(verbs), of: 'revoker' }],
  remedy: 'nothing',
  byHand: 'Daypass revokes through this role: put its policy back in the account',
  judge: (event, known) => {
    if (event.kind !== 'role-changed' || isOnboarding(known, event.caller)) return undefined;
    const { name, role, caller } = event;
    return {
      role,
      about: changeOf(roleArnOf(role), event),
      summary: `A policy of ${nameOfRole(role)}, through which Daypass revokes, was ${verbs[name]} by ${nameOfCaller(caller)}.`,
    };
  },
  runbook: {
    means: `The permissions of \`${revokerRoleName}\` were written or deleted by anyone but onboarding. Daypass may be unable to revoke in that account, or the role may do more than that.`,
    urgent: 'At once.',
    check: [
      {
        run: [
          `aws iam list-role-policies --profile production --role-name ${revokerRoleName}`,
          `aws iam get-role --profile production --role-name ${revokerRoleName} --query 'Role.AssumeRolePolicyDocument'`,
        ],
      },
    ],
    mend: [
      `Onboard the account again (docs/runbook.md#onboard-an-account-again). If the role could do more for a while, treat what it did as \`${commandName} runbook revoker-taken\` says.`,
    ],
    mendedWhen: `\`${commandName} doctor\` says that the revoker is right.`,
  },
  samples: {
    hits: [
      { event: change('PutRolePolicy', admin, { roleName: revokerRoleName, policyName: 'revoke' }) },
      { event: change('DeleteRolePolicy', admin, { roleName: 'Daypass-Revoker', policyName: 'revoke' }) },
    ],
    passes: [
      { event: change('PutRolePolicy', onboarder, { roleName: revokerRoleName, policyName: 'revoke' }) },
      { event: change('DeleteRolePolicy', admin, { roleName: `${revokerRoleName}-of-others`, policyName: 'revoke' }) },
    ],
  },
};
