import { alarmConditions, alarmParameters } from './alarm-topic.ts';
import { ref } from './resource.ts';

/** What an installation may choose, with `--param=log-retention-days=365` for example. */
export const params = {
  'log-retention-days': '90',
  'throttle-rate': '50',
  'throttle-burst': '100',
  'alarm-email': '',
  'ending-concurrency': '0',
  'talking-concurrency': '0',
  /** The folder of the functions' zips; `npm run package` fills it. */
  artifacts: 'dist/zips',
} as const;

/** 0 stands for none: a number, so that the finished template says the type that Lambda wants. */
const concurrency = { Type: 'Number', MinValue: 0, MaxValue: 10_000 } as const;

/** The same as parameters of the stack, so that the finished template can be deployed with other tools too. */
export const parameters = {
  LogRetentionDays: {
    Type: 'Number',
    Description: 'How long CloudWatch keeps the logs of functions, machines and the HTTP API.',
    Default: '${param:log-retention-days}',
    AllowedValues: '1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653'.split(' '),
  },
  ThrottleRate: {
    Type: 'Number',
    Description:
      'Requests per second that the HTTP API takes, of all callers together. Logins and credentials have less.',
    Default: '${param:throttle-rate}',
    MinValue: 1,
  },
  ThrottleBurst: {
    Type: 'Number',
    Description: 'Requests at once that the HTTP API takes, of all callers together.',
    Default: '${param:throttle-burst}',
    MinValue: 1,
  },
  EndingConcurrency: {
    ...concurrency,
    Description:
      'Set aside for each function between a click and the deny, whatever else runs. 0 for none: a new account runs ten at once and can set nothing aside.',
    Default: '${param:ending-concurrency}',
  },
  TalkingConcurrency: {
    ...concurrency,
    Description:
      'How many at once may post to Slack: set aside for them, and their most. 0 for as many as the account runs.',
    Default: '${param:talking-concurrency}',
  },
  AlarmEmail: { ...alarmParameters.AlarmEmail, Default: '${param:alarm-email}' },
} as const;

const isGiven = (parameter: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [ref(parameter), '0'] }] });

export const conditions = {
  ...alarmConditions,
  HasEndingConcurrency: isGiven('EndingConcurrency'),
  HasTalkingConcurrency: isGiven('TalkingConcurrency'),
} as const;

/**
 * What a function reserves, where the deployment says so:
 * docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export const reservedFor = (kind: 'ending' | 'talking') => {
  const parameter = kind === 'ending' ? 'EndingConcurrency' : 'TalkingConcurrency';
  return { 'Fn::If': [`Has${parameter}`, ref(parameter), ref('AWS::NoValue')] };
};
