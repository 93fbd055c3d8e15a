import { type FunctionConfig, gets, puts, revokes } from '../config.ts';

export const config: FunctionConfig = {
  name: 'revoke-alert',
  description: 'Denies the sessions of an alert and nobody else’s, or restores the deny; written and read back.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_POLICY'],
  statements: [gets('ALERT#*', 'LEDGER'), puts('LEDGER'), ...revokes],
  timeoutSec: 30,
  memoryMb: 512,
  concurrency: 'ending',
};
