import { differenceOf, isSame, parsedDocument, shortly, statementsOf } from '#core/iam-document.ts';
import type { AccountPlan } from '#deploy/onboarding/plan.ts';
import { revokerPolicy } from '#deploy/onboarding/revoker.ts';
import type { RoleFacts } from '../facts/roles.ts';
import { failure, ok, type Verdict } from '../report.ts';
import { onboardAgain } from './role-trust.ts';

/** Whether the revoker may do what ends sessions, and nothing else. */
export const judgeRevokerPolicy = (
  { name, inline, attachedArns }: RoleFacts,
  account: AccountPlan,
  { boundaryArn, readsTrail }: { boundaryArn: string; readsTrail: boolean },
): Verdict => {
  const todo = onboardAgain(account.name);
  const actual = { Statement: Object.values(inline).flatMap((json) => statementsOf(parsedDocument(json))) };
  const difference = differenceOf(revokerPolicy(boundaryArn, readsTrail), actual);
  if (attachedArns.length > 0) {
    return failure(`${name} may do more than revoke: ${attachedArns.join(', ')} is attached to it.`, todo);
  }
  if (isSame(difference)) return ok(`${name} may write the deny of managed roles, and nothing else.`);
  const [added] = difference.added;
  if (added) return failure(`${name} may do something that is not onboarded: ${shortly(added)}`, todo);
  const [missing] = difference.missing;
  return failure(
    `${name} may not do all that revoking takes: it lacks ${missing ? shortly(missing) : 'a statement'}`,
    todo,
  );
};
