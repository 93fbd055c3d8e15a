import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPattern } from '#local/aws/events/check-pattern.ts';
import { type EventPattern, matches } from '#local/aws/events/pattern.ts';

type Case = [says: string, values: readonly unknown[], value: unknown, fits: boolean];

const detail = (values: readonly unknown[]): EventPattern => ({ detail: { field: values } });

describe('one field', () => {
  const cases: Case[] = [
    ['equal text', ['a'], 'a', true],
    ['other case', ['a'], 'A', false],
    ['any of the listed', ['a', 'b'], 'b', true],
    ['a number is not its text', ['5'], 5, false],
    ['numbers by value', [3.018e2], 301.8, true],
    ['true is not "true"', ['true'], true, false],
    ['true', [true], true, true],
    ['null is a value', [null], null, true],
    ['null is not the empty text', [null], '', false],
    ['the empty text', [''], '', true],
    ['the empty text is not null', [''], null, false],
    ['an array by any element', ['b'], ['a', 'b'], true],
    ['an array without it', ['c'], ['a', 'b'], false],
    ['an empty array has no value', ['a', ''], [], false],
    ['prefix', [{ prefix: 'us-' }], 'us-east-1', true],
    ['prefix not at the start', [{ prefix: 'east' }], 'us-east-1', false],
    ['prefix on a number', [{ prefix: '1' }], 12, false],
    ['prefix in any case', [{ prefix: { 'equals-ignore-case': 'US-' } }], 'us-east-1', true],
    ['suffix', [{ suffix: '.png' }], 'a.png', true],
    ['suffix in the middle', [{ suffix: '.png' }], 'a.png.gz', false],
    ['suffix in any case', [{ suffix: { 'equals-ignore-case': '.PNG' } }], 'a.png', true],
    ['any case', [{ 'equals-ignore-case': 'Alice' }], 'ALICE', true],
    ['any case, other text', [{ 'equals-ignore-case': 'Alice' }], 'Alicia', false],
    ['wildcard', [{ wildcard: 'arn:*:role/daypass-jit-*' }], 'arn:aws:iam::222222222222:role/daypass-jit-a', true],
    ['wildcard may match nothing', [{ wildcard: 'a*b' }], 'ab', true],
    ['wildcard needs the end', [{ wildcard: 'a*b' }], 'abc', false],
    ['wildcard parts do not overlap', [{ wildcard: 'aba*ba' }], 'aba', false],
    ['escaped star is a star', [{ wildcard: 'a\\*b' }], 'a*b', true],
    ['escaped star is no wildcard', [{ wildcard: 'a\\*b' }], 'axb', false],
    ['escaped backslash, then a wildcard', [{ wildcard: 'a\\\\*' }], 'a\\z', true],
    ['wildcard on a number', [{ wildcard: '*' }], 1, false],
    ['anything but a text', [{ 'anything-but': 'a' }], 'b', true],
    ['anything but that text', [{ 'anything-but': 'a' }], 'a', false],
    ['anything but a text is true of null', [{ 'anything-but': 'a' }], null, true],
    ['anything but a number', [{ 'anything-but': 5 }], '5', true],
    ['anything but a list', [{ 'anything-but': ['a', 'b'] }], 'b', false],
    ['anything but a list of numbers', [{ 'anything-but': [100, 200] }], 300, true],
    ['anything but a prefix', [{ 'anything-but': { prefix: 'daypass-' } }], 'daypass-revoker', false],
    ['anything but a prefix is true of a number', [{ 'anything-but': { prefix: '1' } }], 12, true],
    ['anything but prefixes', [{ 'anything-but': { prefix: ['a', 'b'] } }], 'bc', false],
    ['anything but a suffix', [{ 'anything-but': { suffix: '.png' } }], 'a.gif', true],
    ['anything but a wildcard', [{ 'anything-but': { wildcard: '*/daypass-*' } }], 'role/daypass-x', false],
    ['anything but any case', [{ 'anything-but': { 'equals-ignore-case': 'ALICE' } }], 'alice', false],
    ['anything but, one element of an array differs', [{ 'anything-but': 'a' }], ['a', 'b'], true],
    ['anything but, every element is it', [{ 'anything-but': 'a' }], ['a', 'a'], false],
    ['number equal', [{ numeric: ['=', 5] }], 5, true],
    ['number within a half-open range', [{ numeric: ['>', 0, '<=', 5] }], 5, true],
    ['number at the open end', [{ numeric: ['>', 0, '<=', 5] }], 0, false],
    ['numeric on a text', [{ numeric: ['>', 0] }], '5', false],
    ['address in the network', [{ cidr: '10.0.0.0/24' }], '10.0.0.255', true],
    ['address outside', [{ cidr: '10.0.0.0/24' }], '10.0.1.0', false],
    ['IPv6 address in the network', [{ cidr: '2001:db8::/32' }], '2001:db8:1::1', true],
    ['an IPv4 network has no IPv6 address', [{ cidr: '0.0.0.0/0' }], '2001:db8::1', false],
    ['no address at all, as CloudTrail writes of services', [{ cidr: '0.0.0.0/0' }], 'AWS Internal', false],
    ['exists', [{ exists: true }], null, true],
    ['exists is about leaves, an object is none', [{ exists: true }], { inner: 1 }, false],
    ['an object is absent as a leaf', [{ exists: false }], { inner: 1 }, true],
    ['must be absent', [{ exists: false }], 'a', false],
    ['a value or absent, with the value', ['a', { exists: false }], 'a', true],
    ['a value or absent, with another', ['a', { exists: false }], 'b', false],
  ];
  it.each(cases)('%s: %j on %j', (_, values, value, fits) => {
    expect(matches(detail(values), { detail: { field: value } })).toBe(fits);
  });

  const absent: [values: readonly unknown[], fits: boolean][] = [
    [[{ exists: false }], true],
    [['a', { exists: false }], true],
    [[{ exists: true }], false],
    [[{ 'anything-but': 'a' }], false],
    [[{ 'anything-but': { prefix: 'a' } }], false],
    [[null], false],
    [[''], false],
  ];
  it.each(absent)('%j on a missing field', (values, fits) => {
    expect(matches(detail(values), { detail: { other: 1 } })).toBe(fits);
  });
});

describe('several fields', () => {
  const event = {
    source: 'aws.sts',
    detail: {
      eventName: 'AssumeRole',
      resources: [
        { type: 'AWS::IAM::Role', accountId: '222222222222' },
        { type: 'AWS::KMS::Key', accountId: '333333333333' },
      ],
      teams: [[{ name: 'a', lead: 'Alice' }], [{ name: 'b', lead: 'Bob' }]],
    },
  };
  const cases: [says: string, pattern: EventPattern, fits: boolean][] = [
    ['all must hold', { source: ['aws.sts'], detail: { eventName: ['AssumeRole'] } }, true],
    ['one fails', { source: ['aws.iam'], detail: { eventName: ['AssumeRole'] } }, false],
    ['both in one element', { detail: { resources: { type: ['AWS::IAM::Role'], accountId: ['222222222222'] } } }, true],
    [
      'each in another element',
      { detail: { resources: { type: ['AWS::IAM::Role'], accountId: ['333333333333'] } } },
      false,
    ],
    ['arrays in arrays, same element', { detail: { teams: { name: ['b'], lead: ['Bob'] } } }, true],
    ['arrays in arrays, other element', { detail: { teams: { name: ['a'], lead: ['Bob'] } } }, false],
    [
      'absent from the element that the rest picked',
      { detail: { resources: { type: ['AWS::KMS::Key'], z: [{ exists: false }] } } },
      true,
    ],
    ['or, first', { $or: [{ source: ['aws.sts'] }, { source: ['aws.iam'] }] }, true],
    ['or, none', { $or: [{ source: ['aws.s3'] }, { source: ['aws.iam'] }] }, false],
    [
      'or beside and',
      { source: ['aws.sts'], $or: [{ account: ['1'] }, { detail: { eventName: ['AssumeRole'] } }] },
      true,
    ],
    ['or beside a failing and', { source: ['aws.iam'], $or: [{ account: ['1'] }, { source: ['aws.sts'] }] }, false],
    [
      'or inside, nested',
      {
        detail: {
          $or: [{ eventName: ['x'] }, { eventName: ['AssumeRole'], $or: [{ a: [1] }, { a: [{ exists: false }] }] }],
        },
      },
      true,
    ],
    ['$or with one branch is a field of that name', { $or: [{ source: ['aws.sts'] }] }, false],
    ['a pattern without fields matches nothing', {}, false],
  ];
  it.each(cases)('%s', (_, pattern, fits) => {
    expect(matches(pattern, event)).toBe(fits);
  });
});

describe('laws', () => {
  const text = fc.string({ maxLength: 8 });
  const event = (field: unknown) => ({ detail: { field } });
  it('anything-but is the opposite of equality wherever there is one value', () => {
    fc.assert(
      fc.property(text, text, (wanted, value) => {
        expect(matches(detail([{ 'anything-but': wanted }]), event(value))).toBe(
          !matches(detail([wanted]), event(value)),
        );
      }),
    );
  });
  it('a prefix, an escaped text before a star and the text itself agree', () => {
    fc.assert(
      fc.property(text, text, (start, rest) => {
        const literal = start.replaceAll('\\', '\\\\').replaceAll('*', '\\*');
        expect(matches(detail([{ prefix: start }]), event(start + rest))).toBe(true);
        expect(matches(detail([{ wildcard: `${literal}*` }]), event(start + rest))).toBe(true);
        expect(matches(detail([{ wildcard: literal }]), event(start))).toBe(true);
      }),
    );
  });
  it('more values in an array never match less', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.array(text), text, (values, more, value) => {
        if (matches(detail(values), event(value))) {
          expect(matches(detail([...values, ...more]), event(value))).toBe(true);
        }
      }),
    );
  });
  it('fields that a pattern does not name change nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), text, (other, value) => {
        expect(matches(detail(['x', '']), { other, detail: { field: value, beside: other } })).toBe(
          matches(detail(['x', '']), event(value)),
        );
      }),
    );
  });
  it('an event that is any JSON is matched or not, never an error', () => {
    fc.assert(
      fc.property(fc.dictionary(text, fc.jsonValue()), (any) => {
        expect(matches({ a: { b: [{ exists: false }, { cidr: '10.0.0.0/8' }] } }, any)).toBeTypeOf('boolean');
      }),
    );
  });
});

describe('checkPattern', () => {
  it('finds nothing wrong with every documented matcher', () => {
    expect(
      checkPattern({
        source: ['aws.sts', { prefix: 'aws.' }, { suffix: { 'equals-ignore-case': 'STS' } }],
        detail: {
          a: [{ 'anything-but': { wildcard: ['a*', '*b'] } }, { numeric: ['>=', 1, '<', 5e9] }, { exists: false }],
          $or: [{ b: [null] }, { c: [{ cidr: '10.0.0.0/8' }] }],
        },
      }),
    ).toEqual([]);
  });
  const wrong: [pattern: unknown, names: RegExp][] = [
    ['text', /^the pattern: must be a JSON object$/],
    [{}, /^the pattern: is empty/],
    [{ source: 'aws.sts' }, /^source: a value stands in an array, for example \["aws.sts"\]$/],
    [{ source: [] }, /^source: the array is empty/],
    [{ detail: {} }, /^detail: is empty/],
    [{ detail: { a: [{ prefx: 'x' }] } }, /^detail\.a: "prefx" is no matcher: use prefix, suffix/],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, /^a: a matcher is an object with exactly one key$/],
    [{ a: [['x']] }, /^a: an array inside/],
    [{ a: [{ prefix: 1 }] }, /^a: "prefix" takes a text/],
    [{ a: [{ wildcard: 'a**b' }] }, /^a: "wildcard" takes a text/],
    [{ a: [{ wildcard: 'a\\b' }] }, /^a: "wildcard" takes a text/],
    [{ a: [{ 'anything-but': ['a', 1] }] }, /^a: "anything-but" takes texts only or numbers only$/],
    [{ a: [{ 'anything-but': [] }] }, /^a: "anything-but" takes texts only or numbers only$/],
    [{ a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }, /^a: "anything-but" takes one of prefix/],
    [{ a: [{ numeric: ['>', '5'] }] }, /^a: "numeric" takes/],
    [{ a: [{ numeric: ['>', 5, '<', 1] }] }, /^a: "numeric" takes/],
    [{ a: [{ numeric: ['=', 6e9] }] }, /^a: "numeric" compares numbers from/],
    [{ a: [{ cidr: '10.0.0.0/33' }] }, /^a: "cidr" takes a network/],
    [{ a: [{ cidr: '10.0.0/8' }] }, /^a: "cidr" takes a network/],
    [{ a: [{ exists: 'yes' }] }, /^a: "exists" takes true or false$/],
    [{ $or: [{ source: ['a'] }] }, /^\$or: needs an array of two or more patterns$/],
    [{ $or: [{ a: ['x'] }, { b: [{ nope: 1 }] }] }, /^\$or\[1\]\.b: "nope" is no matcher/],
    [{ a: ['x'.repeat(2_048)] }, /^the pattern: has 2058 characters, 2048 are allowed$/],
  ];
  it.each(wrong)('%.60j', (pattern, names) => {
    const problems = checkPattern(pattern);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(names);
  });
  it('names every problem, not only the first', () => {
    expect(checkPattern({ a: 1, b: [{ x: 1 }, { y: 1 }] })).toHaveLength(3);
  });
});
