import { type FunctionConfig, gets, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'open-gate',
  description: 'Lets a waiting execution go on when what it waits for has happened.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE'],
  statements: [
    gets('EXECUTION#*', 'REQUEST#*', 'ALERT#*'),
    updates('EXECUTION#*'),
    { actions: ['states:SendTaskSuccess'], resources: ['${access-request-arn}', '${alert-response-arn}'] },
    { actions: ['states:SendTaskFailure'], resources: ['${access-request-arn}'] },
  ],
  timeoutSec: 30,
  memoryMb: 512,
  concurrency: 'ending',
};
