import { type FunctionConfig, gets, publishes, puts, queries, queriesIndex, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'detect',
  description: 'Looks at CloudTrail events of managed roles and raises an alert for what no grant explains.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('ALERT#*', 'LEDGER', 'REQUEST#*', 'SESSION#*', 'KEY#*'),
    puts('ALERT#*', 'CANARY#*', 'CHAIN#*', 'OUTBOX'),
    updates('ALERT#*'),
    queries('CHAIN#*'),
    queriesIndex('byPerson'),
    ...publishes,
  ],
  timeoutSec: 30,
  memoryMb: 512,
};
