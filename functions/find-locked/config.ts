import { type FunctionConfig, gets, publishes, puts, queries, queriesIndex } from '../config.ts';

export const config: FunctionConfig = {
  name: 'find-locked',
  description: 'The next page of what a lockdown has to end; tells how far it is.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('LOCKDOWN#*', 'REQUEST#*'),
    queries('LOCKDOWN#*'),
    queriesIndex('byStatus'),
    puts('LOCKDOWN#*', 'OUTBOX'),
    ...publishes,
  ],
  timeoutSec: 60,
  memoryMb: 512,
  concurrency: 'ending',
};
