import { askable, mayApprove } from '#core/policy/decide.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from './request.ts';

/**
 * Whether a person gets to see a request: their own, or one that they may answer. A refusal of what they may not ask
 * for is kept for the audit and not shown to them, or it would tell what exists from what does not.
 */
export const isVisible = (policy: Policy, request: AccessRequest, personId: string): boolean => {
  if (request.personId !== personId) return mayApprove(policy, request, personId);
  const refusedAtOnce = request.status === 'refused' && request.version === 1;
  return !refusedAtOnce || askable(policy, personId).some(({ id }) => id === request.entitlementId);
};
