import { entitlementView, personView } from '#core/api/views.ts';
import { commandFileName } from '#core/command-name.ts';
import { askable } from '#core/policy/decide.ts';
import type { Entitlement } from '#core/policy/policy.ts';
import { ok } from '#functions/http/answer.ts';
import * as cli from './cli.ts';
import { authorize, revoke, token } from './device.ts';
import { devicePage } from './device-page.ts';
import * as lockdowns from './lockdowns.ts';
import { pageOf } from './pages.ts';
import { cancel, end, extend, list, read, submit } from './requests.ts';
import type { PersonalRun, Route, Run } from './route.ts';

/**
 * Open to everybody: the digest tells that the policy has changed, and nothing of what it says. So does since when what
 * is written cannot be read. `seenFrom` is the caller's own address as a login would show it; null where a proxy hides
 * it.
 */
const health: Run = async ({ event }, { policy }) => {
  const { digest: policyDigest } = await policy.current();
  const trouble = policy.trouble?.();
  const seenFrom = event.requestContext.http.sourceIp || null;
  return ok({ status: 'ok', policyDigest, seenFrom, ...(trouble && { policyUnreadableSince: trouble.since }) });
};

const page: Run = async ({ url }) => ({
  status: 200,
  body: devicePage(url),
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  },
});

const whoami: PersonalRun = async ({ person }, ports) => ok(personView(await ports.policy.current(), person));

const entitlements: PersonalRun = async ({ event, person }, ports) => {
  const policy = await ports.policy.current();
  const view = (entitlement: Entitlement) => entitlementView(policy, entitlement);
  const shown = await pageOf(event, askable(policy, person.id), 1_000, view);
  return shown.ok ? ok({ entitlements: shown.value.page, ...shown.value.next }) : shown.problem;
};

/** Everything that this function answers. `POST /v1/requests/{id}/credentials` is `mint-credentials`. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/v1/health', access: 'open', run: health },
  { method: 'GET', path: '/device', access: 'open', run: page },
  { method: 'GET', path: '/cli', access: 'open', run: cli.instructions },
  { method: 'GET', path: `/cli/${commandFileName}`, access: 'open', run: cli.file },
  { method: 'POST', path: '/v1/device/authorize', access: 'open', run: authorize },
  { method: 'POST', path: '/v1/device/token', access: 'open', run: token },
  { method: 'POST', path: '/v1/device/revoke', access: 'person', ends: true, run: revoke },
  { method: 'GET', path: '/v1/whoami', access: 'person', run: whoami },
  { method: 'GET', path: '/v1/entitlements', access: 'person', run: entitlements },
  { method: 'POST', path: '/v1/requests', access: 'person', run: submit },
  { method: 'GET', path: '/v1/requests', access: 'person', run: list },
  { method: 'GET', path: '/v1/requests/{id}', access: 'person', run: read },
  { method: 'POST', path: '/v1/requests/{id}/end', access: 'person', ends: true, run: end },
  { method: 'POST', path: '/v1/requests/{id}/extend', access: 'person', run: extend },
  { method: 'POST', path: '/v1/requests/{id}/cancel', access: 'person', ends: true, run: cancel },
  { method: 'POST', path: '/v1/lockdowns', access: 'person', ends: true, run: lockdowns.begin },
  { method: 'GET', path: '/v1/lockdowns', access: 'person', run: lockdowns.list },
  { method: 'GET', path: '/v1/lockdowns/{id}', access: 'person', run: lockdowns.read },
  { method: 'POST', path: '/v1/lockdowns/lift', access: 'person', run: lockdowns.lift },
];
