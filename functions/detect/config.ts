import { type FunctionConfig, publishStatement, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'detect',
  description: 'Looks at CloudTrail events of managed roles and raises an alert for what no grant explains.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [tableStatement, publishStatement],
  timeoutSec: 30,
  memoryMb: 512,
};
