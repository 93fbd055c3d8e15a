import type { Policy } from '#core/policy/policy.ts';

export type PolicySource = {
  /** The policy in force. Throws `PolicyUnreadable` when there never was a readable one. */
  current(): Promise<Policy>;
};
