import { differenceOf, isSame, parsedDocument, statementsOf } from '#core/iam-document.ts';
import { forwardPolicy, forwardTrust, hubBusArn } from '#deploy/onboarding/forwarding.ts';
import { forwardRoleName, forwardRulePrefix } from '#deploy/onboarding/names.ts';
import type { AccountPlan, OnboardingPlan } from '#deploy/onboarding/plan.ts';
import type { RoleFacts } from '../facts/roles.ts';
import { failure, ok, type Verdict } from '../report.ts';
import { onboardAgain } from './role-trust.ts';

/** Whether EventBridge can send an account's events on to the hub. */
export const judgeForwarder = (
  facts: RoleFacts | undefined,
  account: AccountPlan,
  hub: OnboardingPlan['hub'],
): Verdict => {
  const todo = onboardAgain(account.name);
  if (!facts) return failure(`There is no role ${forwardRoleName}, so no event reaches the hub.`, todo);
  const trust = forwardTrust(account.accountId, `arn:aws:events:*:${account.accountId}:rule/${forwardRulePrefix}*`);
  if (!isSame(differenceOf(trust, parsedDocument(facts.trust)))) {
    return failure(`${forwardRoleName} does not trust as onboarded, so events may not reach the hub.`, todo);
  }
  const statements = Object.values(facts.inline).flatMap((json) => statementsOf(parsedDocument(json)));
  const { missing, added } = differenceOf(forwardPolicy(hubBusArn(hub)), { Statement: statements });
  if (missing.length > 0) return failure(`${forwardRoleName} may not put events on the hub’s bus.`, todo);
  if (added.length > 0 || facts.attachedArns.length > 0) {
    return failure(`${forwardRoleName} may do more than put events on the hub’s bus.`, todo);
  }
  return ok('It may put events on the hub’s bus, and nothing else.');
};
