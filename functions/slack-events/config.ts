import { largestBodyBytes } from '#slack/ingress/http.ts';
import { type FunctionConfig, gets, publishes, puts, queries, queriesIndex, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'slack-events',
  description: 'What people type and click in Slack: verified, decided, saved and answered within three seconds.',
  trigger: { kind: 'http', routes: ['POST /slack/events'], bodyMaxBytes: largestBodyBytes },
  environment: [
    'DAYPASS_TABLE',
    'DAYPASS_BUS',
    'DAYPASS_POLICY',
    'SLACK_BOT_TOKEN_PARAMETER',
    'SLACK_SIGNING_SECRET_PARAMETER',
  ],
  statements: [
    gets('REQUEST#*', 'ALERT#*', 'LOCKDOWN', 'LOCKDOWN#*', 'LOGIN#*', 'USERCODE#*', 'REPLY#*', 'POSTING#*'),
    puts('REQUEST#*', 'ALERT#*', 'LOCKDOWN', 'LOCKDOWN#*', 'LOGIN#*', 'REPLY#*', 'OUTBOX'),
    updates('POSTING#*', 'LIMIT#*'),
    queries('LOGIN#*', 'OUTBOX'),
    queriesIndex('byPerson', 'byStatus'),
    ...publishes,
    { actions: ['ssm:GetParameter'], resources: ['${slack-bot-token-arn}', '${slack-signing-secret-arn}'] },
  ],
  timeoutSec: 10,
  // A cold start has to leave time for an answer: https://docs.slack.dev/interactivity/handling-user-interaction
  memoryMb: 1024,
  concurrency: 'ending',
};
