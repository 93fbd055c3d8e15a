import { type FunctionConfig, publishStatement, tableStatement } from '../config.ts';

export const config: FunctionConfig = {
  name: 'mint-credentials',
  description: 'Hands out credentials for a live grant. Nothing else calls sts:AssumeRole on a managed role.',
  trigger: { kind: 'http', routes: ['POST /v1/requests/{id}/credentials'] },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    tableStatement,
    publishStatement,
    {
      actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      resources: ['arn:aws:iam::*:role/daypass-jit-*'],
    },
  ],
  timeoutSec: 30,
  memoryMb: 512,
};
