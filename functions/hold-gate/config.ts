import { type FunctionConfig, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'hold-gate',
  description: 'Keeps the task token with which an execution waits, and opens the gate at once if its time has come.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE'],
  statements: [tableStatement, { actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'], resources: ['*'] }],
  timeoutSec: 30,
  memoryMb: 512,
};
