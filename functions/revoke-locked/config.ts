import { type FunctionConfig, gets, publishes, puts, queries, revokes } from '../config.ts';

export const config: FunctionConfig = {
  name: 'revoke-locked',
  description:
    'Ends a slice of what a lockdown covers: no more minting, then the deny on its roles, written and read back.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('LOCKDOWN#*', 'REQUEST#*', 'LEDGER'),
    puts('LOCKDOWN#*', 'REQUEST#*', 'CHAIN#*', 'LEDGER', 'OUTBOX'),
    queries('CHAIN#*'),
    ...publishes,
    ...revokes,
  ],
  timeoutSec: 60,
  memoryMb: 512,
  concurrency: 'ending',
};
