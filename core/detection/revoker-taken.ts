import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { foundSession, nameOfCaller, nameOfRole, whoDid } from './describe.ts';
import type { Hit, TrailDetection } from './detection.ts';
import { furtherKeysCall } from './further-keys.ts';
import { isOneOf } from './known.ts';
import { trailSample } from './sample-records.ts';
import { admin, assumption, mintFunction, production, revokeFunction, revoker } from './sample-world.ts';
import type { OtherCall } from './trail-event.ts';

/** Daypass uses each of its sessions as it is, so whoever makes further keys of one is not Daypass. */
const furtherKeys = (event: OtherCall): Hit | undefined => {
  const { caller } = event;
  const { role } = caller;
  return (
    role && {
      role,
      about: [roleArnOf(role), caller.userId ?? '', whoDid(event)],
      summary: `Further keys were made of ${nameOfCaller(caller)}, which writes the denies of that account. Daypass does not do that: somebody else has the session.`,
    }
  );
};

/**
 * The revoker was assumed by anything but Daypass's own functions. Whoever holds it can take every deny off. Daypass
 * cannot end that session: the deny would have to stand on the revoker itself, which the revoker may not write.
 */
export const revokerTaken: TrailDetection = {
  id: 'revoker-taken',
  severities: ['critical'],
  on: [{ assumptions: 'revoker' }, { furtherKeys: 'revoker' }],
  remedy: 'nothing',
  byHand:
    'Daypass cannot end a session of its own revoker: revoke the role’s sessions in the account’s IAM console, see who its trust policy lets in, and check the deny policies of the roles there',
  judge: (event, known) => {
    if (event.kind === 'other') return furtherKeys(event);
    if (event.kind !== 'role-assumed' || isOneOf(known.revoking, event.caller)) return undefined;
    const { role, caller, session } = event;
    return {
      role,
      about: [roleArnOf(role), session?.userId ?? '', whoDid(event)],
      ...(session?.accessKeyId !== undefined && { deed: session.accessKeyId }),
      summary: `${nameOfRole(role)}, which writes the denies of that account, was assumed by ${nameOfCaller(caller)} and not by Daypass.`,
      ...foundSession(event),
    };
  },
  runbook: {
    means: `Somebody other than Daypass’s functions holds a session of \`${revokerRoleName}\`, or made further keys of one of theirs; it writes the denies of its account.`,
    urgent: 'At once. Daypass cannot end that session: the deny would have to stand on the revoker itself.',
    check: [
      'Who, on the card. What they did with it: `PutRolePolicy` on which roles.',
      {
        run: [
          `aws cloudtrail lookup-events --profile production --region us-east-1 --lookup-attributes AttributeKey=EventName,AttributeValue=PutRolePolicy --max-results 20 --query "Events[].[EventTime,Username,join(' ',Resources[].ResourceName)]" --output table`,
        ],
      },
    ],
    mend: [
      `In IAM’s console of that account: the role \`${revokerRoleName}\`, *Revoke active sessions*. Daypass takes a new session by itself. Then onboard the account again with a new external id (docs/runbook.md#rotate-external-ids), and compare the deny of each managed role with the ledger:`,
      {
        run: [
          `aws dynamodb query --table-name daypass --key-condition-expression 'pk = :l' --expression-attribute-values '{":l":{"S":"LEDGER"}}' --query 'Items[].ledger.M.[roleArn.S,entriesVersion.N,appliedVersion.N]' --output table`,
        ],
      },
    ],
    mendedWhen: 'The revoker’s trust names the hub’s functions alone, and no other assumption follows.',
  },
  samples: {
    hits: [
      { event: assumption(admin, revokerRoleName) },
      { event: trailSample('sts', furtherKeysCall, production, { userIdentity: revoker }) },
      { event: assumption(mintFunction, revokerRoleName) },
      { event: assumption({ type: 'AWSService', invokedBy: 'lambda.amazonaws.com' }, revokerRoleName) },
    ],
    passes: [
      { event: trailSample('sts', furtherKeysCall, production, { userIdentity: revokeFunction }) },
      { event: assumption(revokeFunction, revokerRoleName) },
      { event: assumption(admin, 'build-agent') },
    ],
  },
};
