import type { Chaining } from '#core/policy/policy.ts';

/**
 * The inline session policy of a grant's sessions, as JSON: everything the role may, until the grant ends, and no
 * further role but those that the entitlement names. It ends access even if every part of Daypass is down. A literal
 * date, because policy variables do not work in date conditions:
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const sessionPolicy = ({ endsAt, chaining }: { endsAt: string; chaining: Chaining }): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': endsAt } },
      },
      { Effect: 'Deny', Action: 'sts:AssumeRole', ...(chaining ? { NotResource: chaining.into } : { Resource: '*' }) },
    ],
  });
