import { type FunctionConfig, gets, publishes, puts, queries, revokes } from '../config.ts';

export const config: FunctionConfig = {
  name: 'revoke-sessions',
  description: 'Ends a grant: no more minting, then the deny on its role, written and read back.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('REQUEST#*', 'LEDGER'),
    puts('REQUEST#*', 'CHAIN#*', 'LEDGER', 'OUTBOX'),
    queries('CHAIN#*'),
    ...publishes,
    ...revokes,
  ],
  timeoutSec: 30,
  memoryMb: 512,
  concurrency: 'ending',
};
