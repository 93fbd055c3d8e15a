import { type FunctionConfig, publishStatement, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'close-alert',
  description: 'Says on an alert what was done, and closes it.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS'],
  statements: [tableStatement, publishStatement],
  timeoutSec: 30,
  memoryMb: 512,
};
