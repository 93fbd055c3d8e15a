import { type FunctionConfig, gets, publishes, puts } from '../config.ts';

export const config: FunctionConfig = {
  name: 'report-revocation-failure',
  description: 'Makes it visible that sessions could not be revoked; the sweeper goes on trying.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [gets('REQUEST#*'), puts('REQUEST#*', 'OUTBOX'), ...publishes],
  timeoutSec: 30,
  memoryMb: 512,
};
