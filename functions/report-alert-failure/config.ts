import { type FunctionConfig, gets, publishes, puts } from '../config.ts';

export const config: FunctionConfig = {
  name: 'report-alert-failure',
  description: 'Makes it visible that what an alert asked for could not be done.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [gets('ALERT#*'), puts('ALERT#*', 'OUTBOX'), ...publishes],
  timeoutSec: 30,
  memoryMb: 512,
};
