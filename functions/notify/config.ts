import { type FunctionConfig, gets, puts, queries, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'notify',
  description: 'Everything Daypass says in Slack by itself: cards, direct messages, alerts.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_POLICY', 'SLACK_BOT_TOKEN_PARAMETER', 'DAYPASS_URL'],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'LOCKDOWN#*', 'POSTING#*'),
    queries('LOCKDOWN#*'),
    puts('POSTING#*'),
    updates('POSTING#*'),
    { actions: ['ssm:GetParameter'], resources: ['${slack-bot-token-arn}'] },
  ],
  timeoutSec: 60,
  memoryMb: 512,
  concurrency: 'talking',
};
