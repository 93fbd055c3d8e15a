import type { RoleShape } from '#core/role-shape.ts';

/**
 * The roles in the target accounts, reached through each account's revoker role. Every method throws `RoleUnavailable`.
 */
export type TargetRoles = {
  /** The JSON text of the role's inline policy `AWSRevokeOlderSessions`, or undefined. */
  readDeny(roleArn: string): Promise<string | undefined>;
  /**
   * Writes it. `no-room`: it and the role's other inline policies together are larger than IAM allows. `role-gone`:
   * there is no such role, so no session of it can do anything: a role that is made anew under its name has another id.
   */
  writeDeny(roleArn: string, document: string): Promise<'written' | 'no-room' | 'role-gone'>;
  /**
   * What the role is now, and the digest that onboarding left on it, where it left one. `not-permitted`: the account
   * was onboarded before the revoker might look.
   */
  look(roleArn: string): Promise<{ shape: RoleShape; asOnboarded?: string } | 'absent' | 'not-permitted'>;
  /** How many characters the role's other inline policies have, as IAM counts them: white space is free. */
  otherPolicies(roleArn: string): Promise<number>;
};
