import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inheritedFrom, mergeTags } from '#local/aws/sts/inheritance.ts';
import { packedPolicySize } from '#local/aws/sts/packed-size.ts';
import { readAssumeRole } from '#local/aws/sts/parameters.ts';

const sound = { RoleArn: 'arn:aws:iam::222222222222:role/orders', RoleSessionName: 'alice' };
const tag = (Key: string, Value = 'v') => ({ Key, Value });
const numbered = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`));

describe('AssumeRole takes', () => {
  it.each<[string, object]>([
    ['the shortest names', { RoleSessionName: 'al', SourceIdentity: 'al', ExternalId: 'id' }],
    [
      'the longest names',
      { RoleSessionName: 'a'.repeat(64), SourceIdentity: 'a'.repeat(64), ExternalId: 'i'.repeat(1224) },
    ],
    ['every character of a name', { RoleSessionName: 'aZ0_+=,.@-', ExternalId: 'aZ0_+=,.@:/-' }],
    ['durations to the edge', { DurationSeconds: 900 }],
    ['durations to the other edge', { DurationSeconds: 43_200 }],
    ['fifty tags', { Tags: numbered(50) }],
    ['the longest tag', { Tags: [tag('k'.repeat(128), 'v'.repeat(256))] }],
    ['tags with letters of any script and an empty value', { Tags: [tag('équipe: 組/a=b+c-d@e.f_g', '')] }],
    ['a session policy of 2,048 characters', { Policy: ' '.repeat(2048) }],
    ['a transitive key in another case', { Tags: [tag('Team')], TransitiveTagKeys: ['team'] }],
  ])('%s', (_, more) => {
    expect(readAssumeRole({ ...sound, ...more })).toMatchObject({ roleArn: sound.RoleArn });
  });

  it('an hour where no duration is named', () => {
    expect(readAssumeRole(sound).durationSec).toBe(3600);
  });
});

describe('AssumeRole refuses', () => {
  it.each<[string, object, string]>([
    [
      'no role',
      { RoleArn: undefined },
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    ],
    ['a short session name', { RoleSessionName: 'a' }, 'length greater than or equal to 2'],
    ['a long session name', { RoleSessionName: 'a'.repeat(65) }, 'length less than or equal to 64'],
    ['a session name with a slash', { RoleSessionName: 'a/b' }, 'regular expression pattern: [\\w+=,.@-]*'],
    ['a session name that ends in a line feed', { RoleSessionName: 'alice\n' }, 'regular expression pattern'],
    ['a source identity of AWS', { SourceIdentity: 'aws:alice' }, "at 'sourceIdentity'"],
    ['a long external id', { ExternalId: 'i'.repeat(1225) }, 'length less than or equal to 1224'],
    ['a duration that is a text', { DurationSeconds: 'long' }, 'be an integer'],
    ['a duration above twelve hours', { DurationSeconds: 43_201 }, 'value less than or equal to 43200'],
    ['fifty-one tags', { Tags: numbered(51) }, 'length less than or equal to 50'],
    ['a tag without a value', { Tags: [{ Key: 'k' }] }, "Value null at 'tags.1.member.value'"],
    ['a long tag key', { Tags: [tag('k'.repeat(129))] }, 'length less than or equal to 128'],
    ['a tag with a bracket', { Tags: [tag('a<b')] }, "at 'tags.1.member.key'"],
    ['a tag of AWS', { Tags: [tag('aws:x')] }, 'may not start with "aws:"'],
    [
      'a transitive key without its tag',
      { TransitiveTagKeys: ['team'] },
      'The specified transitive tag key must be included in the requested tags.',
    ],
    ['an MFA code', { SerialNumber: 'GAHT12345678', TokenCode: '123456' }, 'does not serve the parameter SerialNumber'],
  ])('%s', (_, more, message) => {
    expect(() => readAssumeRole({ ...sound, ...more })).toThrow(message);
  });
});

describe('tags', () => {
  it('of the same key in any case are one, and the last one wins', () => {
    expect(mergeTags({ team: 'role', stage: 'role' }, { Team: 'session' }, { TEAM: 'inherited' })).toEqual({
      TEAM: 'inherited',
      stage: 'role',
    });
  });

  it('that are inherited always win', () => {
    const tags = fc.dictionary(fc.constantFrom('a', 'A', 'b', 'c'), fc.string());
    fc.assert(
      fc.property(tags, tags, tags, (role, session, inherited) => {
        const [key, value] = Object.entries(inherited).at(-1) ?? [];
        if (key !== undefined) expect(mergeTags(role, session, inherited)[key]).toBe(value);
      }),
    );
  });

  it('are handed on only where they are transitive', () => {
    const session = {
      roleArn: 'arn:aws:iam::222222222222:role/orders',
      roleName: 'orders',
      roleId: 'AROAORDERS',
      roleSessionName: 'alice',
      issuedAtMs: 0,
      expiresAtMs: 1,
      tags: { 'daypass:grant': '01A', team: 'orders' },
      transitiveTagKeys: ['Daypass:Grant'],
      sessionPolicies: ['{}'],
    };
    expect(inheritedFrom(session)).toEqual({ tags: { 'daypass:grant': '01A' } });
    expect(inheritedFrom(undefined)).toEqual({ tags: {} });
  });
});

describe('the packed size', () => {
  it('is nothing for nothing and grows with what is packed', () => {
    expect(packedPolicySize(undefined, {})).toBe(0);
    const small = packedPolicySize(undefined, { a: 'b' });
    expect(small).toBeGreaterThan(0);
    expect(packedPolicySize('{"Version":"2012-10-17"}', { a: 'b' })).toBeGreaterThan(small);
  });

  it('has an end', () => {
    // Hashes do not shrink: fifty of them are 3,200 bytes and more.
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
    const unlike = Object.fromEntries(keys.map((key) => [key, createHash('sha512').update(key).digest('hex')]));
    expect(() => packedPolicySize(undefined, unlike)).toThrow(
      expect.objectContaining({ code: 'PackedPolicyTooLarge' }),
    );
  });
});
