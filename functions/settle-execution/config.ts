import { type FunctionConfig, gets, publishes, puts, queries, queriesIndex, revokes } from '../config.ts';

export const config: FunctionConfig = {
  name: 'settle-execution',
  description: 'Ends at once what a failed or stopped execution left behind of its request or lockdown.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY', 'DAYPASS_ACCESS_REQUEST_ARN', 'DAYPASS_LOCKDOWN_ARN'],
  statements: [
    gets('REQUEST#*', 'LEDGER', 'LOCKDOWN#*'),
    puts('REQUEST#*', 'CHAIN#*', 'LEDGER', 'LOCKDOWN#*', 'OUTBOX'),
    queries('CHAIN#*', 'LOCKDOWN#*'),
    queriesIndex('byStatus'),
    ...publishes,
    ...revokes,
    { actions: ['states:DescribeExecution'], resources: ['${access-request-executions}', '${lockdown-executions}'] },
  ],
  // A lockdown may have left a lot.
  timeoutSec: 300,
  memoryMb: 512,
};
