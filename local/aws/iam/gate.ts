import { type AwsCall, AwsError, type Caller, type Need } from '../service.ts';
import { tellAsked } from './authorized.ts';
import { accountOfResource, type CallFacts, contextOf } from './context.ts';
import { type Decision, decide, type PolicySets } from './evaluate.ts';
import { parsePolicy, parseStored } from './policy.ts';
import type { PolicyStore } from './policy-store.ts';
import type { Principal } from './principals.ts';
import type { PrincipalStore } from './store.ts';

const nothing = parsePolicy(
  '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
  'identity',
);

/** The caller's user, or the role of its session. `undefined` once that was deleted. */
export const principalOf = (caller: Caller, principals: PrincipalStore): Principal | undefined =>
  principals.principal(caller.kind === 'session' ? caller.session.roleId : caller.userId);

/** The policies that limit a caller, as they are now. A boundary that no longer exists allows nothing. */
export const policySetsOf = (caller: Caller, principals: PrincipalStore, policies: PolicyStore): PolicySets =>
  setsOf(caller, principalOf(caller, principals), policies);

const setsOf = (caller: Caller, principal: Principal | undefined, policies: PolicyStore): PolicySets => {
  const boundary = principal?.boundaryArn === undefined ? undefined : policies.managed(principal.boundaryArn);
  return {
    identity: principal ? policies.inline(principal.id).map(({ document }) => parseStored(document, 'identity')) : [],
    ...(principal?.boundaryArn === undefined
      ? {}
      : { boundary: boundary ? parseStored(boundary.document, 'identity') : nothing }),
    session:
      caller.kind === 'session' ? caller.session.sessionPolicies.map((text) => parseStored(text, 'identity')) : [],
  };
};

/** IAM names its roles and users without an ARN when it refuses. */
const resourceName = (action: string, resource: string): string => {
  const found = action.startsWith('iam:') ? /:(role|user|policy)\/(?:.*\/)?([^/]+)$/.exec(resource) : null;
  return found && found[1] !== 'policy' ? `${found[1]} ${found[2]}` : resource;
};

export type Refusal = { explicit: boolean; by: string };

const reasonOf = ({ explicit, by }: Refusal, action: string): string =>
  explicit
    ? ` with an explicit deny in ${/^[aeiou]/.test(by) ? 'an' : 'a'} ${by}`
    : ` because no ${by} allows the ${action} action`;

/**
 * AWS's words for a refusal. Without `refusal` the reason is left out, as AWS does between accounts.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export const accessDenied = (
  service: string,
  caller: Caller,
  need: Pick<Need, 'action' | 'resource'>,
  refusal?: Refusal,
): AwsError => {
  const { action, resource } = need;
  const what = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resourceName(action, resource)}`;
  const message = refusal ? what + reasonOf(refusal, action) : what;
  const query = service === 'sts' || service === 'iam';
  return query ? new AwsError('AccessDenied', message, 403) : new AwsError('AccessDeniedException', message, 400);
};

/** Asks the caller's own policies. */
export const decideFor = (call: CallFacts, need: Need, principals: PrincipalStore, policies: PolicyStore): Decision => {
  const principal = principalOf(call.caller, principals);
  return decideWith(call, need, principal, setsOf(call.caller, principal, policies));
};

const decideWith = (call: CallFacts, need: Need, principal: Principal | undefined, sets: PolicySets): Decision => {
  const { action, resource } = need;
  const ask = { action, resource, context: contextOf(call, need, principal) };
  tellAsked(call.caller, need, sets, ask);
  return decide(sets, ask);
};

/** Throws `AccessDenied` (Query) or `AccessDeniedException` (JSON) unless every need is allowed. */
export const authorize = (
  call: AwsCall,
  needs: readonly Need[],
  principals: PrincipalStore,
  policies: PolicyStore,
): void => {
  const principal = principalOf(call.caller, principals);
  const sets = setsOf(call.caller, principal, policies);
  for (const need of needs) {
    const decision = decideWith(call, need, principal, sets);
    if (!decision.allowed) throw accessDenied(call.service, call.caller, need, decision);
    // Resource policies are not kept here, and without one nothing of another account is open to the caller.
    if (accountOfResource(need.resource, call.caller) !== call.caller.accountId) {
      throw accessDenied(call.service, call.caller, need, { explicit: false, by: 'resource-based policy' });
    }
  }
};
