import { type FunctionConfig, gets, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'hold-gate',
  description: 'Keeps the task token with which an execution waits, and opens the gate at once if its time has come.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE'],
  statements: [
    gets('REQUEST#*', 'ALERT#*'),
    updates('EXECUTION#*'),
    { actions: ['states:SendTaskSuccess'], resources: ['${access-request-arn}', '${alert-response-arn}'] },
    { actions: ['states:SendTaskFailure'], resources: ['${access-request-arn}'] },
  ],
  timeoutSec: 30,
  memoryMb: 512,
};
