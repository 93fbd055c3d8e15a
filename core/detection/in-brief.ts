import { isManagedRoleArn } from '#core/aws-role.ts';
import { sha256 } from '#core/sha256.ts';
import { isUlid } from '#core/ulid.ts';
import type { Finding, FoundSession } from './finding.ts';

/** What AWS gives as ids: any other text is not repeated. */
const id = /^[\w+=,.@:/-]{1,200}$/;
const instant = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/;

const sessionIn = ({ userId, grantId, accessKeyId, expiresBy }: FoundSession): FoundSession | undefined =>
  id.test(userId) && instant.test(expiresBy)
    ? {
        userId,
        expiresBy,
        ...(grantId !== undefined && isUlid(grantId) && { grantId }),
        ...(accessKeyId !== undefined && id.test(accessKeyId) && { accessKeyId }),
      }
    : undefined;

/**
 * The finding without any text that somebody else wrote, for where it cannot be stored as it is: its ids, which are
 * enough to look the event up and to revoke. Alerts of such findings are their own, since it may be the alert that the
 * whole one would have joined that has no room left.
 */
export const inBrief = (finding: Finding): Finding => {
  const { detection, severity, dedupKey, at, accountId, roleArn, personId, session } = finding;
  const eventId = id.test(finding.eventId) ? finding.eventId : `sha256-${sha256(finding.eventId).slice(0, 32)}`;
  const found = session && sessionIn(session);
  return {
    detection,
    severity,
    dedupKey: `${detection}:in-brief:${sha256(dedupKey)}`,
    summary: `A finding of ${detection} could not be stored as it was, so this is all that is known of it. Look the event up in CloudTrail by its id: it may have been written to break whoever reads it.`,
    at,
    eventId,
    accountId: id.test(accountId) ? accountId : 'unknown',
    roleArn: isManagedRoleArn(roleArn) && id.test(roleArn) ? roleArn : 'unknown',
    ...(found && { session: found }),
    ...(personId !== undefined && id.test(personId) && { personId }),
    facts: { 'Event id': eventId, ...(found && { Session: found.userId }) },
  };
};
