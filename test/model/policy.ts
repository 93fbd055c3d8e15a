import { roleArnOf } from '#core/aws-role.ts';
import type { Policy } from '#core/policy/policy.ts';
import { samplePolicy } from '#test/kit/policy.ts';

const jit = (accountId: string, name: string): string => `arn:aws:iam::${accountId}:role/daypass-jit-${name}`;

/** Where a chain of sessions begins, goes on in the same account, and ends in the partner's. */
export const chainRoles = {
  first: jit('222222222222', 'orders-admin'),
  second: jit('222222222222', 'payments-admin'),
  third: jit('333333333333', 'reports'),
} as const;

/** Who may have a session on which role: `from into`, by ARN. */
export const stepsAllowed: ReadonlySet<string> = new Set([
  `${chainRoles.first} ${chainRoles.second}`,
  `${chainRoles.second} ${chainRoles.third}`,
]);

/**
 * The sample policy, and sessions of orders-admin may go on to payments-admin, and from there to the partner's reports.
 */
export const modelPolicy = (): Policy => {
  const policy = samplePolicy(
    [
      'role: daypass-jit-orders-admin',
      `role: daypass-jit-orders-admin\n    chaining: { into: [${chainRoles.second}] }\n    acceptWeaker: The test goes on from here.`,
    ],
    [
      'role: daypass-jit-payments-admin',
      `role: daypass-jit-payments-admin\n    chaining: { into: [${chainRoles.third}] }`,
    ],
    [
      'entitlements:',
      `entitlements:
  partner-reports:
    description: Read the reports of the partner
    account: partner
    role: daypass-jit-reports
    mayAsk: [developers]
    duration: { min: 5s, default: 30m, max: 1h }
    approval: none
`,
    ],
  );
  const missing = Object.values(chainRoles).find((arn) => !policy.entitlements.some((each) => roleArnOf(each) === arn));
  if (missing !== undefined) throw new Error(`No entitlement lends ${missing}.`);
  return policy;
};
