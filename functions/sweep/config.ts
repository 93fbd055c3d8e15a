import { type FunctionConfig, publishStatement, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'sweep',
  description: 'Puts right what a lost event, a dead process or a stopped execution left behind.',
  trigger: { kind: 'schedule', everySec: 300 },
  environment: [
    'DAYPASS_TABLE',
    'DAYPASS_BUS',
    'DAYPASS_POLICY',
    'DAYPASS_ACCESS_REQUEST_ARN',
    'DAYPASS_ALERT_RESPONSE_ARN',
  ],
  statements: [
    tableStatement,
    publishStatement,
    { actions: ['states:StartExecution'], resources: ['${access-request-arn}', '${alert-response-arn}'] },
    {
      actions: ['states:DescribeExecution'],
      resources: ['${access-request-executions}', '${alert-response-executions}'],
    },
    { actions: ['sts:AssumeRole'], resources: ['arn:aws:iam::*:role/daypass-revoker'] },
  ],
  timeoutSec: 300,
  memoryMb: 512,
};
