import { type FunctionConfig, gets, publishes, puts } from '../config.ts';

export const config: FunctionConfig = {
  name: 'expire-alert',
  description: 'Answers by policy an alert that nobody answered in time.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [gets('ALERT#*'), puts('ALERT#*', 'OUTBOX'), ...publishes],
  timeoutSec: 30,
  memoryMb: 512,
};
