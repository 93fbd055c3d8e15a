import { chainDue } from './chain-due.ts';
import { denyPolicyChanged } from './deny-policy-changed.ts';
import { denyRestoreDue } from './deny-restore-due.ts';
import { executionFailed } from './execution-failed.ts';
import { gateDue } from './gate-due.ts';
import { managedSessionUsed } from './managed-session-used.ts';
import { noticeDue } from './notice-due.ts';
import { roleAssumed } from './role-assumed.ts';
import { roleTrustChanged } from './role-trust-changed.ts';
import type { Rule } from './rule.ts';
import { workflowDue } from './workflow-due.ts';

/** Every rule there is: read by `serverless.ts`, the embedded stack and the tests. */
export const rules: readonly Rule[] = [
  workflowDue,
  gateDue,
  noticeDue,
  chainDue,
  executionFailed,
  roleAssumed,
  managedSessionUsed,
  roleTrustChanged,
  denyPolicyChanged,
  denyRestoreDue,
];
