import { asOnboardedTag, changesOf, digestOfShape, type RoleShape, type SeenRole, saidOf } from '#core/role-shape.ts';
import type { RoleFacts } from '../facts/roles.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';
import { onboardAgain } from './role-trust.ts';

/**
 * Whether what a managed role may do is what onboarding gave it. `around`: the trust and boundary that onboarding
 * writes, each way in which a template may have written them; what became of them is told elsewhere.
 */
export const judgePermissions = (
  { tags, inline, attachedArns }: RoleFacts,
  around: readonly Pick<RoleShape, 'trust' | 'boundaryArn' | 'boundary'>[],
  seen: SeenRole | undefined,
  accountName: string,
): Verdict => {
  const wanted = tags[asOnboardedTag] ?? seen?.onboarded?.digest;
  const todo = onboardAgain(accountName);
  if (wanted === undefined) {
    const found = `It has no tag ${asOnboardedTag}, so nobody knows whether it may do more than onboarding gave it.`;
    return warning(found, todo);
  }
  if (around.some((each) => digestOfShape({ ...each, inline, attachedArns }) === wanted)) {
    return ok('It may do what onboarding gave it, and nothing else.');
  }
  const was = seen?.onboarded?.digest === wanted ? seen.onboarded.shape : undefined;
  const [first] = around;
  const changes = changesOf(was, { ...(was ?? { ...first, trust: '{}' }), inline, attachedArns });
  const found = was
    ? `Its permissions are not as onboarded: ${saidOf(changes)}.`
    : `Its permissions are not as onboarded, or the access policy has changed since; what is new is not known: ${saidOf(changes)}.`;
  return failure(found, `${todo} Take off by hand what onboarding does not know.`);
};
