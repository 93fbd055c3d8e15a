import { commandFileName } from '#core/command-name.ts';
import { longestBodyBytes } from '#functions/http/body.ts';
import { deletes, type FunctionConfig, gets, publishes, puts, queries, queriesIndex, updates } from '../config.ts';

export const config: FunctionConfig = {
  name: 'api',
  description:
    'The HTTP API beside Slack: the command line’s file, device login, asking, extending, listing and ending. Credentials are another function.',
  trigger: {
    kind: 'http',
    routes: [
      'GET /v1/health',
      'GET /device',
      'GET /cli',
      `GET /cli/${commandFileName}`,
      'POST /v1/device/authorize',
      'POST /v1/device/token',
      'POST /v1/device/revoke',
      'GET /v1/whoami',
      'GET /v1/entitlements',
      'POST /v1/requests',
      'GET /v1/requests',
      'GET /v1/requests/{id}',
      'POST /v1/requests/{id}/end',
      'POST /v1/requests/{id}/extend',
      'POST /v1/requests/{id}/cancel',
      'POST /v1/lockdowns',
      'GET /v1/lockdowns',
      'GET /v1/lockdowns/{id}',
      'POST /v1/lockdowns/lift',
    ],
    bodyMaxBytes: longestBodyBytes,
  },
  carriesCli: true,
  environment: ['DAYPASS_TABLE', 'DAYPASS_BUS', 'DAYPASS_POLICY', 'DAYPASS_URL'],
  statements: [
    gets('DEVICE#*', 'LOGIN#*', 'TOKEN#*', 'REQUEST#*', 'LOCKDOWN', 'LOCKDOWN#*', 'REPLY#*'),
    queries('LOCKDOWN#*', 'LOGIN#*', 'OUTBOX'),
    puts(
      'DEVICE#*',
      'USERCODE#*',
      'LOGIN#*',
      'TOKEN#*',
      'REQUEST#*',
      'LOCKDOWN',
      'LOCKDOWN#*',
      'REPLY#*',
      'PENDING#*',
      'OUTBOX',
    ),
    updates('LOGIN#*', 'LIMIT#*', 'PENDING#*'),
    {
      ...deletes('LOGIN#*', 'DEVICE#*', 'USERCODE#*'),
      untestedBecause: 'It takes ten thousand logins that wait, of callers whose address is not known.',
    },
    queriesIndex('byPerson', 'byStatus'),
    ...publishes,
  ],
  timeoutSec: 15,
  memoryMb: 512,
};
