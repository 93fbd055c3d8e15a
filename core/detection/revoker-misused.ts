import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import { nameOfCaller, nameOfRole } from './describe.ts';
import { changeOf, lookAndPutRight, type TrailDetection } from './detection.ts';
import { revokerRole } from './known.ts';
import { change, ordersAdmin, revoker } from './sample-world.ts';
import type { RoleChanged } from './trail-event.ts';

/** What Daypass never does; undefined where it is what the revoker is for. */
const misuse = ({ policyName, onlyDenies }: RoleChanged): string | undefined => {
  if (policyName !== denyPolicyName) return `wrote another inline policy than ${denyPolicyName} on`;
  return onlyDenies ? undefined : `wrote something that is no denial into ${denyPolicyName} on`;
};

const document = (Effect: 'Allow' | 'Deny'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action: '*', Resource: '*' }] });

/**
 * The revoker wrote what Daypass never writes. IAM cannot keep it from that: whoever may write a deny may write
 * anything. So whoever has got hold of the revoker, or of a function that revokes, shows here first.
 */
export const revokerMisused: TrailDetection = {
  id: 'revoker-misused',
  severities: ['critical'],
  on: [{ changes: 'permissions', calls: ['PutRolePolicy'], of: 'managed' }],
  remedy: 'nothing',
  byHand: lookAndPutRight,
  judge: (event, known) => {
    if (event.kind !== 'role-changed' || !revokerRole(known, event.caller.role)) return undefined;
    const { role, caller } = event;
    const what = misuse(event);
    if (what === undefined) return undefined;
    return {
      role,
      about: changeOf(roleArnOf(role), event),
      summary: `${nameOfCaller(caller)} ${what} ${nameOfRole(role)}. Daypass does not do that: somebody else has its permissions.`,
    };
  },
  runbook: {
    means: `\`${revokerRoleName}\` wrote an inline policy other than \`${denyPolicyName}\` on a managed role, or something that is no denial into it. Daypass never does: somebody else has the revoker, or runs code as a function that revokes.`,
    urgent: 'At once, whatever the hour.',
    check: [
      'What was written, and under which session:',
      {
        run: [
          "aws cloudtrail lookup-events --profile production --region us-east-1 --lookup-attributes AttributeKey=EventName,AttributeValue=PutRolePolicy --max-results 20 --query 'Events[].[EventTime,Username,CloudTrailEvent]' --output text",
          `aws iam list-role-policies --profile production --role-name ${ordersAdmin}`,
        ],
      },
    ],
    mend: [
      `Close the revoker as \`${commandName} runbook revoker-taken\` says, delete what it wrote, and look at who may change the code of the functions in the hub. Daypass writes its own denials again by itself once the revoker is open.`,
    ],
    mendedWhen: `The role’s inline policies are its own and \`${denyPolicyName}\`; \`${commandName} revocations ROLE\` says that what is revoked is denied.`,
  },
  samples: {
    hits: [
      {
        event: change('PutRolePolicy', revoker, {
          roleName: ordersAdmin,
          policyName: 'orders',
          policyDocument: document('Deny'),
        }),
      },
      {
        event: change('PutRolePolicy', revoker, {
          roleName: ordersAdmin,
          policyName: denyPolicyName,
          policyDocument: document('Allow'),
        }),
      },
    ],
    passes: [
      {
        event: change('PutRolePolicy', revoker, {
          roleName: ordersAdmin,
          policyName: denyPolicyName,
          policyDocument: document('Deny'),
        }),
      },
    ],
  },
};
