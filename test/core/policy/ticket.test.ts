import { describe, expect, it } from 'vitest';
import { ticketIn, ticketPatternProblem } from '#core/policy/ticket.ts';
import { samplePolicy } from '#test/kit/policy.ts';

describe('the ticket in a reason', () => {
  const policy = samplePolicy();

  it.each([
    ['fixing INC-42', 'INC-42'],
    ['INC-42, see OPS-7', 'INC-42'],
    ['(CHG-123)', 'CHG-123'],
    ['inc-42', undefined],
    ['XINC-', undefined],
    ['', undefined],
  ])('of %j is %s', (reason, ticket) => {
    expect(ticketIn(policy, reason)).toBe(ticket);
  });

  it('is none where the policy has no pattern', () => {
    expect(ticketIn({ requests: { lapseAfterSec: 1 } }, 'INC-42')).toBeUndefined();
  });
});

describe('ticketPatternProblem', () => {
  it.each([
    '[A-Z]{2,10}-\\d{1,8}',
    '\\b[A-Z][A-Z0-9]+-\\d+\\b',
    '(?:INC|CHG|OPS)-\\d{1,10}',
    '(?:[A-Z]+-)?\\d+',
    '#\\d+',
    '(?<project>[A-Z]+)-\\d+',
    '[(+*]\\d+',
    '\\(a\\+\\)+',
    '(?:ab){3}-\\p{Lu}+',
  ])('takes %s', (pattern) => {
    expect(ticketPatternProblem(pattern)).toBeUndefined();
  });

  it.each([
    '(a+)+',
    '(a*)*b',
    '(?:a|a)*b',
    '(a|b|ab)+c',
    '(a?){30}a{30}',
    '((a+)b?)+',
    '(?:x(?:y{1,9}))*',
    '(\\d+-?){2,}',
  ])('refuses %s, a repetition of choices', (pattern) => {
    expect(ticketPatternProblem(pattern)).toMatch(/^A repeated group/);
  });

  it.each(['.*.*.*x', 'a+a+a+b', '\\d{1,400}\\d{1,400}\\d{1,400}x', `${'a?'.repeat(30)}${'a'.repeat(30)}`])(
    'refuses %s, too many choices in a row',
    (pattern) => {
      expect(ticketPatternProblem(pattern)).toMatch(/^The pattern has too many repetitions/);
    },
  );

  it.each(['', 'a*', '(?:)', '|x'])('refuses %j, which finds nothing everywhere', (pattern) => {
    expect(ticketPatternProblem(pattern)).toMatch(/so it would find a ticket in everything/);
  });

  it.each(['(', '[a', 'a{2,1}', '\\', '*', '(?<n>a)(?<n>b)'])('refuses %s, which is no pattern', (pattern) => {
    expect(ticketPatternProblem(pattern)).toMatch(/not a regular expression/);
  });
});
