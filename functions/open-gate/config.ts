import { type FunctionConfig, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'open-gate',
  description: 'Lets a waiting execution go on when what it waits for has happened.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE'],
  statements: [tableStatement, { actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'], resources: ['*'] }],
  timeoutSec: 30,
  memoryMb: 512,
};
