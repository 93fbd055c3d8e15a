import { type FunctionConfig, gets } from '../config.ts';

export const config: FunctionConfig = {
  name: 'start-workflow',
  description: 'Starts the workflow of a request, an alert or a lockdown that was saved.',
  trigger: { kind: 'event' },
  environment: [
    'DAYPASS_TABLE',
    'DAYPASS_POLICY',
    'DAYPASS_ACCESS_REQUEST_ARN',
    'DAYPASS_ALERT_RESPONSE_ARN',
    'DAYPASS_LOCKDOWN_ARN',
  ],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'LOCKDOWN#*'),
    {
      actions: ['states:StartExecution'],
      resources: ['${access-request-arn}', '${alert-response-arn}', '${lockdown-arn}'],
    },
  ],
  timeoutSec: 30,
  memoryMb: 512,
  concurrency: 'ending',
};
