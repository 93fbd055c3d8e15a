import { commandName } from '#core/command-name.ts';
import { type Lockdown, subjectOf } from '#core/lockdown/lockdown.ts';
import { type Described, dedupKeyOf } from './detection.ts';
import type { Finding } from './finding.ts';

/** Somebody lifts a lockdown by the hub's AWS credentials and not as a person of the policy. */
export const liftedByAws: Described = {
  id: 'lifted-by-aws',
  severities: ['high'],
  remedy: 'nothing',
  byHand: 'Ask who holds these AWS credentials whether they lifted it; if nobody did, lock down again',
  runbook: {
    means:
      'A lockdown was lifted, or somebody tried to, with AWS credentials of the hub: the way out where two people have locked each other out. Nobody of the access policy did it, so nobody of the access policy answers for it.',
    urgent: 'At once: whoever was locked down can act again.',
    check: [
      'Whose credentials they are: the card has the ARN.',
      'Whether their holder did it, by another way than Slack. CloudTrail shows from where they were used:',
      {
        run: [
          'aws cloudtrail lookup-events --profile hub-admin --lookup-attributes AttributeKey=EventName,AttributeValue=GetCallerIdentity --max-results 20',
        ],
      },
    ],
    mend: [
      'Nobody did: lock down again, and take the credentials away from whoever has them.',
      { run: [`${commandName} lockdown person alice --reason "lifted by a stranger"`] },
    ],
    mendedWhen: 'Its holder has said so, and the alert is answered with Expected.',
  },
};

/** Told before it is lifted: what cannot be told is not lifted. `what` names the lockdown for people. */
export const liftByAws = (
  lockdown: Pick<Lockdown, 'id' | 'scope'>,
  { what, by, reason, hubId, at }: { what: string; by: string; reason: string; hubId: string; at: string },
): Finding => ({
  detection: liftedByAws.id,
  severity: 'high',
  dedupKey: dedupKeyOf(liftedByAws, [lockdown.id, by]),
  summary: `The lockdown of ${what} is lifted with AWS credentials of the hub, by nobody of the access policy.`,
  at,
  eventId: `lift:${lockdown.id}:${by}`,
  accountId: hubId,
  roleArn: 'unknown',
  facts: { By: by, Reason: reason, Lockdown: lockdown.id, Of: subjectOf(lockdown.scope) },
});
