import { type FunctionConfig, publishStatement, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'revoke-sessions',
  description: 'Ends a grant: no more minting, then the deny on its role, written and read back.',
  trigger: { kind: 'task' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    tableStatement,
    publishStatement,
    { actions: ['sts:AssumeRole'], resources: ['arn:aws:iam::*:role/daypass-revoker'] },
  ],
  timeoutSec: 30,
  memoryMb: 512,
};
