import { type FunctionConfig, gets, publishes, puts, queries, revokes } from '../config.ts';

export const config: FunctionConfig = {
  name: 'follow-chain',
  description: 'Looks after a session that went on to another role: denies it there where its grant has ended.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'LEDGER', 'LOCKDOWN'),
    puts('REQUEST#*', 'ALERT#*', 'CHAIN#*', 'LEDGER', 'OUTBOX'),
    queries('CHAIN#*'),
    ...publishes,
    ...revokes,
  ],
  timeoutSec: 60,
  memoryMb: 512,
};
