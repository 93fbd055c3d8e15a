import { type FunctionConfig, gets, puts, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'notify',
  description: 'Everything Daypass says in Slack by itself: cards, direct messages, alerts.',
  trigger: { kind: 'event' },
  environment: ['DAYPASS_TABLE', 'DAYPASS_POLICY', 'SLACK_BOT_TOKEN_PARAMETER', 'DAYPASS_URL'],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'POSTING#*'),
    puts('POSTING#*'),
    updates('POSTING#*'),
    { actions: ['ssm:GetParameter'], resources: ['${slack-bot-token-arn}'] },
  ],
  timeoutSec: 60,
  memoryMb: 512,
};
