/** The roles in the target accounts, reached through each account's revoker role. */
export type TargetRoles = {
  /** The JSON text of the role's inline policy `AWSRevokeOlderSessions`, or undefined. Throws `RoleUnavailable`. */
  readDeny(roleArn: string): Promise<string | undefined>;
  /** Writes it. Throws `RoleUnavailable`. */
  writeDeny(roleArn: string, document: string): Promise<void>;
};
