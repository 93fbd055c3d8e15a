import { describe, expect, it } from 'vitest';
import { sessionPolicy } from '#core/grant/session-policy.ts';
import { toContext } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';

const endsAt = '2026-11-22T10:00:20.000Z';
const onward = 'arn:aws:iam::222222222222:role/daypass-jit-onward';
const other = 'arn:aws:iam::222222222222:role/other';

const says = (
  chaining: Parameters<typeof sessionPolicy>[0]['chaining'],
  resource: string,
  at = endsAt.replace('20', '19'),
) =>
  evaluate([parsePolicy(sessionPolicy({ endsAt, chaining }), 'identity')], {
    action: 'sts:AssumeRole',
    resource,
    context: toContext({ 'aws:CurrentTime': at }),
  });

describe('case 60: the session policy', () => {
  it('denies every further role where the entitlement forbids it', () => {
    expect(says(false, onward)).toBe('explicit-deny');
  });

  it('lets through the roles that the entitlement names, no other, and none once the grant has ended', () => {
    expect(says({ into: [onward] }, onward)).toBe('allow');
    expect(says({ into: [onward] }, other)).toBe('explicit-deny');
    expect(says({ into: [onward] }, onward, endsAt)).toBe('explicit-deny');
  });

  it('stays within the 2,048 characters of STS, with as many roles of as long names as a policy takes', () => {
    const into = Array.from({ length: 10 }, (_, index) => `${onward}${index}`.padEnd(128, 'x'));
    expect(sessionPolicy({ endsAt, chaining: { into } }).length).toBeLessThanOrEqual(2_048);
  });
});
