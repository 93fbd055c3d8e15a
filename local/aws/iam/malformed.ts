import { AwsError } from '../service.ts';

/**
 * What IAM and STS answer to a policy that they will not store. `where` says which element and what to write instead.
 */
export const malformed = (where: string): AwsError => new AwsError('MalformedPolicyDocument', where, 400);
