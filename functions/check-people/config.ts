import { type FunctionConfig, gets, publishes, puts } from '../config.ts';

export const config: FunctionConfig = {
  name: 'check-people',
  description: 'Asks Slack whether the people of the policy are still members, since an event may be lost.',
  trigger: { kind: 'schedule', everySec: 300 },
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY', 'SLACK_BOT_TOKEN_PARAMETER'],
  statements: [
    gets('LOCKDOWN', 'LOCKDOWN#*'),
    puts('LOCKDOWN', 'LOCKDOWN#*', 'OUTBOX'),
    ...publishes,
    { actions: ['ssm:GetParameter'], resources: ['${slack-bot-token-arn}'] },
  ],
  timeoutSec: 180,
  memoryMb: 512,
};
