import type { Policy } from '#core/policy/policy.ts';

/** What is written cannot be read, so that what was in force stays in force. */
export type PolicyTrouble = {
  /** When that was first seen, ISO 8601. */
  since: string;
  /** One line each, as `problemLine` has them. */
  problems: readonly string[];
  /** When the policy in force was read, ISO 8601. */
  inForceSince: string;
};

export type PolicySource = {
  /** The policy in force. Throws `PolicyUnreadable` when there never was a readable one. */
  current(): Promise<Policy>;
  /** As the last `current()` found it. Absent where the policy is a part of what runs, and always read. */
  trouble?(): PolicyTrouble | undefined;
};
