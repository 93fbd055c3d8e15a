/** The managed policy that onboarding makes in every target account: the permissions boundary of the roles there. */
export const boundaryName = 'daypass-boundary';

/**
 * Whatever path it has. IAM does not tell names apart by case, not even in the ARN of a policy that a call is about.
 */
export const isBoundaryArn = (policyArn: string): boolean => policyArn.toLowerCase().endsWith(`/${boundaryName}`);
