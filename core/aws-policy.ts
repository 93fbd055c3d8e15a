/** The managed policy that onboarding makes in every target account: the permissions boundary of the roles there. */
export const boundaryName = 'daypass-boundary';

/** Of a managed policy's ARN, without the path that it may have. */
export const policyNameOf = (policyArn: string): string => policyArn.split('/').at(-1) ?? policyArn;

/** IAM does not tell names apart by case, not even in the ARN of a policy that a call is about. */
export const isSamePolicyName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
