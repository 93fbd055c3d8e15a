import type { Policy } from '#core/policy/policy.ts';
import { samplePolicy as sample } from '#test/kit/policy.ts';

/** The sample policy, and `audit-read`, which is for the leads alone; nobody may lock anything down. */
export const samplePolicy: Policy = sample(
  [
    'entitlements:',
    `entitlements:
  audit-read:
    description: Read the audit trail
    account: production
    role: daypass-jit-audit-read
    mayAsk: [leads]
    duration: { min: 5s, default: 30m, max: 4h }
    approval: { count: 1, of: [leads] }
`,
  ],
  ['mayLockDown: [leads]', 'mayLockDown: []'],
);
