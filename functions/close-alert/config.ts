import { type FunctionConfig, gets, publishes, puts } from '../config.ts';

export const config: FunctionConfig = {
  name: 'close-alert',
  description: 'Says on an alert what was done, and closes it.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [gets('ALERT#*'), puts('ALERT#*', 'OUTBOX'), ...publishes],
  timeoutSec: 30,
  memoryMb: 512,
};
