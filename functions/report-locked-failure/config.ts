import { type FunctionConfig, gets, publishes, puts, queries } from '../config.ts';

export const config: FunctionConfig = {
  name: 'report-locked-failure',
  description: 'Makes it visible which of what a lockdown covers could not be ended; the sweeper goes on trying.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [
    gets('LOCKDOWN#*', 'REQUEST#*'),
    queries('LOCKDOWN#*'),
    puts('LOCKDOWN#*', 'REQUEST#*', 'OUTBOX'),
    ...publishes,
  ],
  timeoutSec: 60,
  memoryMb: 512,
};
