import { table } from '#functions/table.ts';
import { tableName } from './names.ts';
import type { Resources } from './resource.ts';

/**
 * The table, which outlives the stack. Encrypted with the account's AWS-managed key: it holds no secret, CloudTrail
 * shows the key's use, and a key of our own would be one more thing whose loss loses every grant and its audit trail.
 */
export const tableResources = (): Resources => ({
  DaypassTable: {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: tableName,
      ...table,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      DeletionProtectionEnabled: true,
    },
  },
});
