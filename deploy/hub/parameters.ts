import { alarmConditions, alarmParameters } from './alarm-topic.ts';

/** What an installation may choose, with `--param=log-retention-days=365` for example. */
export const params = {
  'log-retention-days': '90',
  'throttle-rate': '50',
  'throttle-burst': '100',
  'alarm-email': '',
  /** The folder of the functions' zips; `npm run package` fills it. */
  artifacts: 'dist/zips',
} as const;

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
  AlarmEmail: { ...alarmParameters.AlarmEmail, Default: '${param:alarm-email}' },
} as const;

export const conditions = alarmConditions;
