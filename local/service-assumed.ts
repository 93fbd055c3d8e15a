import { randomUUID } from 'node:crypto';
import { assumedRoleArnOf, roleOf } from '#core/aws-role.ts';
import type { RecordableCall } from './aws/cloudtrail/record.ts';
import type { ServiceAssumed } from './aws/sts/service.ts';
import { region } from './world.ts';

/** What CloudTrail gets to see when an AWS service takes a role: an AssumeRole of type AWSService. */
export const serviceAssumedCall = (
  { service, roleArn, accountId, accessKeyId, session }: ServiceAssumed,
  nowMs: number,
): RecordableCall => ({
  service: 'sts',
  region,
  action: 'AssumeRole',
  input: { RoleArn: roleArn, RoleSessionName: session.roleSessionName },
  caller: { kind: 'user', accountId, arn: '', userId: service, userName: service, accessKeyId: '' },
  invokedBy: service,
  sourceIp: service,
  userAgent: service,
  requestId: randomUUID(),
  atMs: nowMs,
  output: {
    Credentials: { AccessKeyId: accessKeyId, Expiration: new Date(session.expiresAtMs) },
    AssumedRoleUser: {
      AssumedRoleId: `${session.roleId}:${session.roleSessionName}`,
      Arn: assumedRoleArnOf(roleOf(roleArn), session.roleSessionName),
    },
  },
});
