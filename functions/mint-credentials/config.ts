import { managedRolesEverywhere } from '#core/aws-role.ts';
import { longestBodyBytes } from '#functions/http/body.ts';
import { type FunctionConfig, gets, publishes, puts, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'mint-credentials',
  description: 'Hands out credentials for a live grant. Nothing else calls sts:AssumeRole on a managed role.',
  trigger: { kind: 'http', routes: ['POST /v1/requests/{id}/credentials'], bodyMaxBytes: longestBodyBytes },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY'],
  statements: [
    gets('LOGIN#*', 'TOKEN#*', 'REQUEST#*', 'LEDGER', 'LOCKDOWN'),
    puts('REQUEST#*', 'SESSION#*', 'KEY#*', 'OUTBOX'),
    updates('LIMIT#*'),
    ...publishes,
    {
      actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      resources: [managedRolesEverywhere],
      wideBecause:
        'The policy says which accounts there are. Each role lets in this function alone, with its ExternalId.',
    },
  ],
  timeoutSec: 30,
  memoryMb: 512,
};
