import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialsView, RequestView } from '#core/api/views.ts';
import type { Reply, Script } from './scripted-api.ts';

export const token = 'tokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
export const requestId = '01KAN0DAYPASS0000000000000';
export const otherId = '01KAN0DAYPASS0000000000001';

/** Writes a login as `daypass login` leaves it. */
export const saveLogin = (home: string, url: string, given = token): void => {
  mkdirSync(home, { recursive: true });
  const login = { token: given, expiresAt: '2099-01-01T00:00:00.000Z', person: { id: 'alice', name: 'Alice' } };
  writeFileSync(join(home, 'login.json'), JSON.stringify({ current: url, logins: { [url]: login } }));
};

const facts = {
  id: requestId,
  person: { id: 'alice', name: 'Alice' },
  entitlementId: 'orders-admin',
  accountId: '222222222222',
  roleName: 'daypass-jit-orders-admin',
  durationSec: 1800,
  reason: 'fixing INC-42',
  askedAt: '2026-11-22T10:00:00.000Z',
  lapsesAt: '2026-11-22T11:00:00.000Z',
  votes: [],
  approvals: { count: 1, approvers: [{ id: 'bob', name: 'Bob' }], groups: ['leads'] },
};

export const pending: RequestView = { ...facts, status: 'pending' };
export const approved: RequestView = { ...facts, status: 'approved' };
export const active: RequestView = {
  ...facts,
  status: 'active',
  grant: { startsAt: '2026-11-22T10:01:00.000Z', endsAt: '2026-11-22T10:31:00.000Z' },
};
export const extensionId = '01KAN0DAYPASS000000000000E';
const halfAnHourMore = {
  id: extensionId,
  durationSec: 3600,
  endsAt: '2026-11-22T11:01:00.000Z',
  reason: 'INC-42 takes longer',
  askedAt: '2026-11-22T10:20:00.000Z',
  votes: [],
};
const bobOrCarol = {
  count: 1,
  approvers: [
    { id: 'bob', name: 'Bob' },
    { id: 'carol', name: 'Carol' },
  ],
  groups: ['leads'],
};
/** `active`, and half an hour more is asked for, granted, denied, or was not answered in time. */
export const extending: RequestView = {
  ...active,
  extensions: [{ ...halfAnHourMore, status: 'waiting', approvals: bobOrCarol }],
};
export const extended: RequestView = {
  ...active,
  grant: { startsAt: '2026-11-22T10:01:00.000Z', endsAt: '2026-11-22T11:01:00.000Z' },
  extensions: [{ ...halfAnHourMore, status: 'granted', answeredAt: '2026-11-22T10:25:00.000Z' }],
};
export const notExtended: RequestView = {
  ...active,
  extensions: [
    {
      ...halfAnHourMore,
      status: 'denied',
      answeredAt: '2026-11-22T10:25:00.000Z',
      denied: { by: { id: 'bob', name: 'Bob' }, reason: 'not tonight' },
    },
  ],
};
export const unanswered: RequestView = {
  ...active,
  status: 'ending',
  end: { reason: 'expired', at: '2026-11-22T10:31:00.000Z' },
  extensions: [{ ...halfAnHourMore, status: 'lapsed' }],
};
export const ended: RequestView = {
  ...facts,
  status: 'ended',
  grant: { startsAt: '2026-11-22T10:01:00.000Z', endsAt: '2026-11-22T10:31:00.000Z' },
  end: { reason: 'expired', at: '2026-11-22T10:31:00.000Z' },
  verifiedAt: '2026-11-22T10:31:02.000Z',
};
export const denied: RequestView = {
  ...facts,
  status: 'denied',
  denied: { by: { id: 'bob', name: 'Bob' }, reason: 'not during the freeze' },
};
export const cancelled: RequestView = { ...facts, status: 'cancelled' };
export const lapsed: RequestView = { ...facts, status: 'lapsed' };

export const credentials: CredentialsView = {
  credentials: {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: "secret/with'quote\\and$dollar",
    sessionToken: 'session+token==',
    expiresAt: '2026-11-22T10:31:00.000Z',
  },
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:4566',
  requestId,
  accountId: '222222222222',
  roleName: 'daypass-jit-orders-admin',
  entitlementId: 'orders-admin',
};

export const oauthError = (error: string): Reply => ({ status: 400, body: { error, error_description: error } });

/** A login whose token endpoint says these errors in turn, then hands the token out. */
export const loginScript = (...errors: string[]): Script => {
  const left = [...errors];
  return {
    'POST /v1/device/authorize': {
      body: {
        device_code: 'device-code-secret',
        user_code: 'BCDF-GHJK',
        verification_uri: 'https://daypass.example.com/device',
        expires_in: 600,
        interval: 0.01,
      },
    },
    'POST /v1/device/token': () => {
      const error = left.shift();
      return error ? oauthError(error) : { body: { access_token: token, token_type: 'Bearer', expires_in: 28_800 } };
    },
    'GET /v1/whoami': { body: { id: 'alice', name: 'Alice', emails: [], groups: ['developers'] } },
  };
};
