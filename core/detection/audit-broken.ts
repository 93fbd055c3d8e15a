import { commandName } from '#core/command-name.ts';
import type { Break } from '#core/request/audit-chain.ts';
import { type Described, dedupKeyOf } from './detection.ts';
import type { Finding } from './finding.ts';

/** The sweeper found that what is on record of a request or a lockdown is not what was written. */
export const auditBroken: Described = {
  id: 'audit-broken',
  severities: ['critical'],
  remedy: 'nothing',
  byHand: 'Find out who wrote to the table, and bring back what was there',
  runbook: {
    means:
      'Each change of a request or a lockdown is an entry that carries the hash of the one before it. An entry was changed, taken out, added or replaced; the card says which. Nothing of Daypass does that: somebody wrote to the table, or a part of it was brought back from an earlier time.',
    urgent: 'At once: whoever writes to the table can grant access, and hide that.',
    check: [
      {
        run: [
          `${commandName} doctor`,
          'aws cloudtrail lookup-events --profile hub-admin --lookup-attributes AttributeKey=ResourceName,AttributeValue=daypass --max-results 20',
        ],
      },
      'CloudTrail has writes of items only where the trail records data events of the table.',
    ],
    mend: [
      'Take from whoever did it what lets them write to the table. Bring the table of an hour before back beside it (point-in-time recovery), and compare the partition that the card names; the entries there say what happened.',
    ],
    mendedWhen:
      'Somebody knows what the record said. An entry that was put back as it was makes the chain whole again.',
  },
};

/**
 * `of`: the record, for people. `about`: its key in the table. `since`: when it began, which is the finding's time, so
 * that a place that is found again, whenever that is, belongs to the alert that there is.
 */
export const brokenAudit = (
  { of, about, since, accountId, roleArn }: Record<'of' | 'about' | 'since' | 'accountId' | 'roleArn', string>,
  { seq, said }: Break,
): Finding => ({
  detection: auditBroken.id,
  severity: 'critical',
  dedupKey: dedupKeyOf(auditBroken, [about, String(seq)]),
  summary: `What is on record of ${of} is not what was written: ${said}.`,
  at: since,
  eventId: `audit:${about}:${seq}`,
  accountId,
  roleArn,
  facts: { Record: about, 'Found by': 'the sweeper' },
});
