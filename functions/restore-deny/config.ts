import { type FunctionConfig, gets, publishes, puts, queries, queriesIndex, writesDeny } from '../config.ts';

export const config: FunctionConfig = {
  name: 'restore-deny',
  description: 'Puts the deny of a role back at once where somebody changed or deleted it.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'LEDGER'),
    puts('REQUEST#*', 'ALERT#*', 'LEDGER', 'OUTBOX'),
    queries('LEDGER'),
    queriesIndex('byStatus'),
    ...publishes,
    ...writesDeny,
  ],
  // An event that does not say which role it was has every role looked at.
  timeoutSec: 300,
  memoryMb: 512,
};
