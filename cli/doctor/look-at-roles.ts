import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createSeenRoles } from '#adapters/aws/seen-roles.ts';
import { revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { managedRoleTrust } from '#deploy/onboarding/managed-role.ts';
import { forwardRoleName } from '#deploy/onboarding/names.ts';
import { type AccountPlan, boundaryOf, type ManagedRolePlan, type OnboardingPlan } from '#deploy/onboarding/plan.ts';
import type { Clock } from '#ports/clock.ts';
import type { Reached } from './access.ts';
import { boundaryArnIn, judgeBoundaryOf, judgeOpened } from './checks/boundary.ts';
import { judgeDenyRoom } from './checks/deny-room.ts';
import { judgeForwarder } from './checks/forwarder.ts';
import { judgeRevocations } from './checks/revocations.ts';
import { judgeRevokerPolicy } from './checks/revoker.ts';
import { judgePermissions } from './checks/role-permissions.ts';
import { judgeDuration, judgeTags } from './checks/role-settings.ts';
import { judgeManagedTrust, judgeRevokerTrust, onboardAgain } from './checks/role-trust.ts';
import { roleFacts } from './facts/roles.ts';
import { aspectsOf, type Check, check, failure, type Line } from './report.ts';

/** A target account, what onboarding leaves there, and how to look at it. Without the hub no ledger can be read. */
export type Ground = {
  plan: OnboardingPlan;
  account: AccountPlan;
  at: Reached;
  hub: Reached | undefined;
  clock: Clock;
};

/** A role that is lent. */
export const roleCheck = (role: ManagedRolePlan, { plan, account, at, hub, clock }: Ground): Check => {
  const { accountId } = account;
  const title = `${account.name} ${role.roleName}`;
  return {
    area: 'accounts',
    title,
    look: async (signal): Promise<readonly Line[]> => {
      const facts = await roleFacts(at.clients.iam, role.roleName, signal);
      if (!facts) {
        const found = `${role.entitlementIds.join(', ')} lends it, and there is no such role.`;
        return [{ area: 'accounts', title, ...failure(found, onboardAgain(account.name)) }];
      }
      const arn = roleArnOf({ accountId, roleName: role.roleName });
      const seen = hub && (await createSeenRoles(hub.clients.table).get(arn));
      const around = [[account], plan.accounts].map((of) => ({
        trust: JSON.stringify(managedRoleTrust(role, plan.brokers, account.externalIds)),
        boundaryArn: boundaryArnIn(accountId),
        boundary: JSON.stringify(boundaryOf(plan, of)),
      }));
      const ledger = hub && (await createLedgerStore(hub.clients.table, clock).get(arn));
      return aspectsOf('accounts', title, {
        trust: judgeManagedTrust(facts.trust, role, account, plan.brokers),
        boundary: judgeBoundaryOf(facts, accountId),
        permissions: judgePermissions(facts, around, seen, account.name),
        'lives on': judgeOpened(role.opened),
        duration: judgeDuration(facts),
        tags: judgeTags(facts, account.name),
        'deny room': judgeDenyRoom(facts.inline),
        ...(ledger && { revocations: judgeRevocations(ledger, facts, clock.nowMs()) }),
      });
    },
  };
};

/** The role through which sessions are ended. */
export const revokerCheck = ({ plan, account, at }: Ground): Check => {
  const title = `${account.name} ${revokerRoleName}`;
  return {
    area: 'accounts',
    title,
    look: async (signal) => {
      const facts = await roleFacts(at.clients.iam, revokerRoleName, signal);
      if (!facts) {
        const found = 'There is no such role, so no session here can be revoked.';
        return [{ area: 'accounts', title, ...failure(found, onboardAgain(account.name)) }];
      }
      const may = { boundaryArn: boundaryArnIn(account.accountId), readsTrail: plan.hears === 'looked-up' };
      return aspectsOf('accounts', title, {
        trust: judgeRevokerTrust(revokerRoleName, facts.trust, account, plan.revokers),
        permissions: judgeRevokerPolicy(facts, account, may),
      });
    },
  };
};

/** The role with which EventBridge sends events on. */
export const forwarderCheck = ({ plan, account, at }: Ground): Check =>
  check('accounts', `${account.name} ${forwardRoleName}`, async (signal) =>
    judgeForwarder(await roleFacts(at.clients.iam, forwardRoleName, signal), account, plan.hub),
  );
