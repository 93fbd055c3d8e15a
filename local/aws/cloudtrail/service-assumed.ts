import type { RoleSession } from '../service.ts';
import type { RecordableCall } from './record.ts';

/** An AWS service took a role, as Lambda does for a function. Nothing in it is secret. */
export type ServiceAssumption = {
  /** For example `lambda.amazonaws.com`. */
  service: string;
  roleArn: string;
  /** The account whose trail hears of it. */
  accountId: string;
  accessKeyId: string;
  session: RoleSession;
};

/** The AssumeRole call that the service made, for which nobody signed at our endpoint. */
export const callOf = (assumed: ServiceAssumption, requestId: string): RecordableCall => {
  const { service, roleArn, accountId, accessKeyId, session } = assumed;
  const { roleId, roleName, roleSessionName, issuedAtMs, expiresAtMs } = session;
  const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${roleSessionName}`;
  const userId = `${roleId}:${roleSessionName}`;
  return {
    service: 'sts',
    region: 'us-east-1',
    action: 'AssumeRole',
    input: {
      RoleArn: roleArn,
      RoleSessionName: roleSessionName,
      DurationSeconds: (expiresAtMs - issuedAtMs) / 1_000,
    },
    output: {
      Credentials: { AccessKeyId: accessKeyId, Expiration: new Date(expiresAtMs) },
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    },
    caller: { kind: 'session', accountId, arn, userId, accessKeyId, session },
    invokedBy: service,
    sourceIp: service,
    userAgent: service,
    requestId,
    atMs: issuedAtMs,
  };
};
