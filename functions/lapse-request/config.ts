import { type FunctionConfig, gets, publishes, puts } from '../config.ts';

export const config: FunctionConfig = {
  name: 'lapse-request',
  description: 'Closes a request that nobody answered in time.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [gets('REQUEST#*'), puts('REQUEST#*', 'OUTBOX'), ...publishes],
  timeoutSec: 30,
  memoryMb: 512,
};
