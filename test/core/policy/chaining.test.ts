import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPolicy } from '#core/policy/read.ts';

const sample = readFileSync('access.yaml', 'utf8');
const withChaining = (chaining: string) =>
  readPolicy(
    sample.replace(
      '    role: daypass-jit-orders-admin\n',
      `    role: daypass-jit-orders-admin\n    chaining: ${chaining}\n    acceptWeaker: Seen.\n`,
    ),
  );
const into = (arn: string) => withChaining(`{ into: [${arn}] }`);
const problems = (read: ReturnType<typeof readPolicy>): string => (read.ok ? '' : JSON.stringify(read.problems));
const payments = 'arn:aws:iam::222222222222:role/daypass-jit-payments-admin';

describe('chaining', () => {
  it('names the roles that a session may go on to, each once', () => {
    const read = withChaining(`{ into: [${payments}, ${payments}] }`);
    expect(read.ok && read.policy.entitlements[1]?.chaining).toEqual({ into: [payments] });
    expect(read.ok && read.warnings).toEqual([]);
  });

  it.each([
    ['true', 'The roles have to be named'],
    ['{ into: [] }', 'Name at least one role'],
    ['{ into: ["*"] }', 'This is not the ARN of a role'],
    ['{ into: ["arn:aws:iam::222222222222:role/*"] }', 'This is not the ARN of a role'],
    [`{ into: [${payments}], any: true }`, 'any'],
  ])('is refused as %s', (chaining, why) => {
    expect(problems(withChaining(chaining))).toContain(why);
  });

  it('is refused into its own role, and into one that is written in other capitals than its entitlement’s', () => {
    expect(problems(into('arn:aws:iam::222222222222:role/daypass-jit-orders-admin'))).toContain('own role');
    expect(problems(into('arn:aws:iam::222222222222:role/Daypass-jit-payments-admin'))).toContain(`Write ${payments}`);
  });

  it('into a role that no entitlement lends is let through with a warning that nobody can end it', () => {
    const read = into('arn:aws:iam::444444444444:role/reports');
    expect(read.ok && JSON.stringify(read.warnings)).toContain('cannot end sessions on it');
  });
});
