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

  it.each([
    ['rotate SHA-256 keys for INC-42', 'INC-42'],
    ['patch CVE-2024-3094, INC-7', 'INC-7'],
    ['UTF-8 bug OPS-1', 'OPS-1'],
    ['fix BIZ_PROJ2-2342 please', 'BIZ_PROJ2-2342'],
    ['CC3-12 rollback', 'CC3-12'],
    ['RFC-9110 and ISO-8601, see (OPS-7).', 'OPS-7'],
    ['https://jira.example.com/browse/INC-42', 'INC-42'],
    ['AES-256, SHA-1, TLS-13, HTTP-2', undefined],
    ['eu-west-1 and US-EAST-1', undefined],
    ['build INC-42-hotfix', undefined],
    ['INC-0 and INC-007', undefined],
  ])('by the pattern of the sample, in %j, is %s', (reason, ticket) => {
    expect(ticketIn(policy, reason)).toBe(ticket);
  });

  it.each([
    ['((?<!([A-Z]{1,10})-?)[A-Z]+-\\d+)', 'fix INC-42', 'INC-42'],
    ['(^|[\\s,(])([A-Z]+-[0-9]+)(?=$|[\\s,)])', 'fix (INC-42), please', 'INC-42'],
    ['(^|[\\s,(])([A-Z]+-[0-9]+)(?=$|[\\s,)])', 'fix INC-42', 'INC-42'],
    ['ticket=(?<ticket>\\d+)', 'see ticket=42 now', '42'],
    ['ticket=(?<ticket>\\d+)|(?<ticket>#\\d+)', 'see #7', '#7'],
    ['[(]\\s*[)]', 'nothing ( ) here', undefined],
  ])('by %s in %j is %s: the group ticket, or all without what stands around it', (ticketPattern, reason, ticket) => {
    expect(ticketIn({ requests: { lapseAfterSec: 1, ticketPattern } }, reason)).toBe(ticket);
  });

  it('is looked for in the first 500 characters, each of which is one to the eye', () => {
    expect(ticketIn(policy, `${'𝒳 '.repeat(246)}INC-42`)).toBe('INC-42');
    expect(ticketIn(policy, `${'𝒳 '.repeat(248)}INC-42`)).toBeUndefined();
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
    '(a+)+b',
    '(a*)*b',
    '(?:a|a)*b',
    '(a|b|ab)+c',
    '(a?){30}a{30}b',
    '((a+)b?)+c',
    '(?:x(?:y{1,9}))*z',
    '(\\d+-?){2,}x',
    '.*.*.*z',
    'a+a+a+b',
    '\\d{1,400}\\d{1,400}\\d{1,400}x',
    `${'a?'.repeat(30)}${'a'.repeat(30)}b`,
    `${'\\u{61}*'.repeat(9)}b`,
    '((?<!([A-Z]{1,10})-?)[A-Z]+-\\d+)',
    '(^|[\\s,(])([A-Z]+-[0-9]+)(?=$|[\\s,)])',
  ])('takes %s, since the time of a search is bounded, and finds no ticket in 500 letters', (pattern) => {
    expect(ticketPatternProblem(pattern)).toBeUndefined();
    const requests = { lapseAfterSec: 1, ticketPattern: pattern };
    for (const letter of ['a', '1', 'xy']) expect(ticketIn({ requests }, letter.repeat(500))).toBeUndefined();
  });

  it.each(['(\\w)\\1', '(?<n>a)-\\k<n>'])('refuses %s, which refers back', (pattern) => {
    expect(ticketPatternProblem(pattern)).toMatch(/^The pattern refers back to what a group matched/);
  });

  it.each(['(?:\\d{1,400}){1,400}', '((a{200}){200}){200}', '(?=a{6000})b'])(
    'refuses %s, long when written out',
    (pattern) => {
      expect(ticketPatternProblem(pattern)).toMatch(/^The pattern repeats too much by count/);
    },
  );

  it.each(['', 'a*', '(?:)', '|x'])('refuses %j, which finds nothing everywhere', (pattern) => {
    expect(ticketPatternProblem(pattern)).toMatch(/so it would find a ticket in everything/);
  });

  it.each(['(', '[a', 'a{2,1}', '\\', '*', '(?<n>a)(?<n>b)'])('refuses %s, which is no pattern', (pattern) => {
    expect(ticketPatternProblem(pattern)).toMatch(/not a regular expression/);
  });
});
