/** What somebody asks for, before the policy has spoken. */
export type Ask = {
  personId: string;
  entitlementId: string;
  durationSec: number;
  reason: string;
  ticket?: string;
};

/** One rule's verdict. `unknown` (could not be evaluated) counts as not satisfied. */
export type TraceLine = {
  /** The rule, as `access.yaml` names it: `entitlements.orders-admin.mayAsk`. */
  rule: string;
  result: 'satisfied' | 'not-satisfied' | 'unknown';
  /** One sentence for people. */
  because: string;
};

/** The policy's verdict on an ask. A refusal is a value, not an exception. */
export type Decision = { policyDigest: string; trace: readonly TraceLine[] } & (
  | { verdict: 'refused'; reasons: readonly string[] }
  | { verdict: 'allowed' }
  | {
      verdict: 'needs-approval';
      /** How many different approvers it takes. */
      count: number;
      /** Ids of the people who may approve; never the requester. */
      approvers: readonly string[];
      groups: readonly string[];
    }
);
