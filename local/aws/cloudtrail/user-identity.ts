import { wholeSeconds } from '#core/instant.ts';
import type { Caller } from '../service.ts';

type SessionContext = {
  sessionIssuer: { type: 'Role'; principalId: string; arn: string; accountId: string; userName: string };
  attributes: { creationDate: string; mfaAuthenticated: 'false' };
  sourceIdentity?: string;
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export type UserIdentity =
  | { type: 'IAMUser'; principalId: string; arn: string; accountId: string; accessKeyId: string; userName: string }
  | {
      type: 'AssumedRole';
      principalId: string;
      arn: string;
      accountId: string;
      accessKeyId: string;
      sessionContext: SessionContext;
    }
  | { type: 'AWSService'; invokedBy: string }
  | { type: 'AWSAccount'; principalId: string; accountId: string };

/** The caller as its own account's trail sees it. */
export const userIdentityOf = (caller: Caller): UserIdentity => {
  const { accountId, arn, accessKeyId } = caller;
  if (caller.kind === 'user') {
    return { type: 'IAMUser', principalId: caller.userId, arn, accountId, accessKeyId, userName: caller.userName };
  }
  const { session } = caller;
  return {
    type: 'AssumedRole',
    principalId: caller.userId,
    arn,
    accountId,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: session.roleId,
        arn: session.roleArn,
        accountId,
        userName: session.roleName,
      },
      attributes: { creationDate: wholeSeconds(session.issuedAtMs), mfaAuthenticated: 'false' },
      ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    },
  };
};
