import { type FunctionConfig, gets, publishes, puts, queries } from '../config.ts';

export const config: FunctionConfig = {
  name: 'finish-lockdown',
  description: 'Says that nothing more is found under a lockdown, and what of it could not be ended.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [gets('LOCKDOWN#*'), queries('LOCKDOWN#*'), puts('LOCKDOWN#*', 'OUTBOX'), ...publishes],
  timeoutSec: 30,
  memoryMb: 512,
};
