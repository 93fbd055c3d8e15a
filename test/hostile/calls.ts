import type { Stage } from './stage.ts';

/** A call of the HTTP API, as a program makes it. */
export type Call = {
  name: string;
  method: string;
  path: string;
  form: boolean;
  body?: Record<string, unknown>;
  headers?: Readonly<Record<string, string>>;
};

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** One or more of every call that takes a body or an id, with real ids. */
export const apiCalls = ({ ids, deviceCode, tokens }: Stage): Call[] => {
  const post = (path: string, body: Record<string, unknown> = {}, form = false): Call => ({
    name: `POST ${path.replace(/[0-9A-Z]{26}/, '{id}')}`,
    ...{ method: 'POST', path, body, form, headers: { 'idempotency-key': 'c0ffee' } },
  });
  const get = (path: string): Call => ({
    name: `GET ${path.replace(/[0-9A-Z]{26}/, '{id}')}`,
    method: 'GET',
    path,
    form: false,
  });
  const of = (id: string): Call[] => [
    get(`/v1/requests/${id}`),
    post(`/v1/requests/${id}/end`),
    post(`/v1/requests/${id}/cancel`),
    post(`/v1/requests/${id}/credentials`),
    post(`/v1/requests/${id}/extend`, { duration: '15m', reason: 'INC-42 takes longer' }),
  ];
  const lockdown = { kind: 'person', name: 'alice', reason: 'stolen' };
  return [
    ...['/v1/whoami', '/v1/entitlements', '/v1/requests', '/v1/lockdowns', `/v1/lockdowns/${ids.lockdown}`].map(get),
    ...[ids.waiting, ids.live, ids.liveOfBob].flatMap(of),
    post('/v1/requests', { entitlement: 'orders-read', duration: '30m', reason: 'fixing INC-42', ticket: 'INC-42' }),
    post('/v1/requests', { entitlement: 'payments-admin', reason: 'fixing INC-42' }),
    post('/v1/lockdowns', lockdown),
    post('/v1/lockdowns', { ...lockdown, confirm: true }),
    post('/v1/lockdowns/lift', { kind: 'account', name: 'partner', reason: 'all is well' }),
    post('/v1/device/authorize', { client_id: 'daypass', host: 'laptop' }, true),
    post('/v1/device/token', { grant_type: grantType, device_code: deviceCode }, true),
    post('/v1/device/revoke', { token: tokens.alice.token }, true),
  ];
};
