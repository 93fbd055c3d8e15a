import { type FunctionConfig, gets, publishes, puts, queries, queriesIndex, revokes } from '../config.ts';

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
    'DAYPASS_LOCKDOWN_ARN',
  ],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'LEDGER', 'LOCKDOWN', 'LOCKDOWN#*', 'ROLE#*'),
    puts('REQUEST#*', 'ALERT#*', 'CHAIN#*', 'LEDGER', 'LOCKDOWN#*', 'OUTBOX', 'ROLE#*'),
    queries('CHAIN#*', 'LEDGER', 'LOCKDOWN#*', 'OUTBOX', 'REQUEST#*'),
    queriesIndex('byPerson', 'byStatus'),
    ...publishes,
    ...revokes,
    {
      actions: ['states:StartExecution'],
      resources: ['${access-request-arn}', '${alert-response-arn}', '${lockdown-arn}'],
    },
    {
      actions: ['states:DescribeExecution'],
      resources: ['${access-request-executions}', '${alert-response-executions}', '${lockdown-executions}'],
    },
  ],
  timeoutSec: 300,
  memoryMb: 512,
};
