import type { LambdaClient } from '@aws-sdk/client-lambda';
import { managedPrefix } from '#core/aws-role.ts';
import type { Policy } from '#core/policy/policy.ts';
import { chainTargets, onboardingPlan, openedIn, targetsOf } from '#deploy/onboarding/plan.ts';
import type { Clock } from '#ports/clock.ts';
import type { Reached } from './access.ts';
import { boundaryArnIn, judgeBoundary } from './checks/boundary.ts';
import { judgeConcurrency } from './checks/concurrency.ts';
import { judgeOrphans } from './checks/orphans.ts';
import { judgeTrails } from './checks/trail.ts';
import { concurrencyOf } from './facts/concurrency.ts';
import { managedPolicyDocument, roleNamesWith } from './facts/roles.ts';
import { trailFacts } from './facts/trails.ts';
import { forwarderCheck, type Ground, revokerCheck, roleCheck } from './look-at-roles.ts';
import { type Events, forwardRuleChecks, hubBusCheck, hubRuleChecks } from './look-at-rules.ts';
import { type Check, check } from './report.ts';

const trailCheck = ({ name, clients }: Reached): Check =>
  check('trail', name, async (signal) => judgeTrails(await trailFacts(clients.trails, signal)));

/** The hub, which needs no access policy to be looked at. A single node has no rules there. */
export const hubChecks = (hub: Reached, broker: string | undefined): Check[] => [
  ...(broker === undefined ? hubRuleChecks(hub.name, hub.clients) : []),
  trailCheck(hub),
  ...(broker === undefined && hub.clients.lambda !== undefined ? [concurrencyCheck(hub, hub.clients.lambda)] : []),
];

const concurrencyCheck = ({ name }: Reached, lambda: LambdaClient): Check =>
  check('accounts', `${name} concurrency`, async (signal) => judgeConcurrency(await concurrencyOf(lambda, signal)));

const accountChecks = (ground: Ground, forwardsFrom: ReadonlyMap<string, Events>): Check[] => {
  const { plan, account, at } = ground;
  const { iam } = at.clients;
  return [
    ...[...forwardsFrom].flatMap(([region, events]) =>
      forwardRuleChecks(
        forwardsFrom.size === 1 ? account.name : `${account.name} ${region}`,
        account,
        plan.hub,
        events,
      ),
    ),
    trailCheck(at),
    ...account.roles.map((role) => roleCheck(role, ground)),
    revokerCheck(ground),
    ...(forwardsFrom.size > 0 ? [forwarderCheck(ground)] : []),
    check('accounts', `${account.name} boundary`, async (signal) =>
      // A StackSet writes the same boundary in all accounts.
      judgeBoundary(
        await managedPolicyDocument(iam, boundaryArnIn(account.accountId), signal),
        account.name,
        [[account], plan.accounts].map((of) => ({ chainTargets: chainTargets(of), opened: openedIn(of) })),
      ),
    ),
    check('accounts', `${account.name} orphans`, async (signal) =>
      judgeOrphans(
        await roleNamesWith(iam, managedPrefix, signal),
        account.roles.map(({ roleName }) => roleName),
      ),
    ),
  ];
};

/** IAM's events, and those of the global STS, come from here. */
const globalRegion = 'us-east-1';

/** Each target account of the policy that can be reached: what onboarding left there, and what became of it. */
export const targetChecks = (
  policy: Policy,
  reached: readonly Reached[],
  { region: hubRegion, broker }: { region: string; broker: string | undefined },
  eventsIn: (account: Reached, region: string) => Events,
  clock: Clock,
): Check[] => {
  const plan = onboardingPlan(policy, targetsOf(policy), { hubRegion, ...(broker !== undefined && { broker }) });
  const hub = reached.find(({ isHub }) => isHub);
  const forwards = plan.hears === 'forwarded';
  const bus =
    hub && forwards
      ? [
          hubBusCheck(
            hub.name,
            hub.clients,
            plan.accounts.map(({ accountId }) => accountId),
          ),
        ]
      : [];
  const each = plan.accounts.flatMap((account) => {
    const at = reached.find(({ id }) => id === account.accountId);
    if (!at) return [];
    const regions = forwards ? [...new Set([hubRegion, globalRegion])] : [];
    return accountChecks(
      { plan, account, at, hub, clock },
      new Map(regions.map((region) => [region, eventsIn(at, region)])),
    );
  });
  return [...bus, ...each];
};
