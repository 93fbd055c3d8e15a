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

  const strange = 'arn:aws:iam::444444444444:role/reports';
  const accepting = (arn: string, roles = `${payments}, ${strange}`) =>
    withChaining(`{ into: [${roles}], acceptUnrevocable: { "${arn}": The vendor reads it. } }`);

  it('is refused into a role that no entitlement lends, since nobody could end sessions on it', () => {
    const refused = problems(into(strange));
    expect(refused).toContain('nobody can end sessions on it');
    expect(refused).toContain(`acceptUnrevocable: { \\"${strange}\\": <reason> }`);
    // In an account of the policy too: what it does not lend has no revoker of Daypass.
    expect(problems(into('arn:aws:iam::222222222222:role/daypass-jit-other'))).toContain('nobody can end sessions');
  });

  it('into such a role is accepted by its name and with a reason, which is told each time the policy is validated', () => {
    const read = accepting(strange);
    expect(read.ok && read.policy.entitlements[1]?.chaining).toEqual({ into: [payments, strange] });
    expect(read.ok && read.warnings).toMatchObject([{ message: expect.stringContaining('The vendor reads it.') }]);
  });

  it('accepts nothing that it does not name, nothing that is lent, and nothing without a reason', () => {
    expect(problems(accepting(payments))).toContain('nobody can end sessions on it');
    expect(problems(accepting(payments, payments))).toContain('so Daypass ends sessions on it');
    expect(problems(accepting('arn:aws:iam::444444444444:role/other'))).toContain('This role is not one of into.');
    expect(problems(withChaining(`{ into: [${strange}], acceptUnrevocable: { "${strange}": "" } }`))).not.toBe('');
  });
});
