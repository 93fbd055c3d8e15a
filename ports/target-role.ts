/** The roles in the target accounts, reached through each account's revoker role. Every method throws `RoleUnavailable`. */
export type TargetRoles = {
  /** The JSON text of the role's inline policy `AWSRevokeOlderSessions`, or undefined. */
  readDeny(roleArn: string): Promise<string | undefined>;
  /** Writes it. `no-room`: it and the role's other inline policies together are larger than IAM allows. */
  writeDeny(roleArn: string, document: string): Promise<'written' | 'no-room'>;
  /** How many characters the role's other inline policies have, as IAM counts them: white space is free. */
  otherPolicies(roleArn: string): Promise<number>;
};
