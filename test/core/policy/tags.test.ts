import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionNameOf } from '#core/grant/session-name.ts';
import { sessionPolicy } from '#core/grant/session-policy.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import { problemLine } from '#core/policy/problem.ts';
import { readPolicy } from '#core/policy/read.ts';
import { packedPolicySize } from '#local/aws/sts/packed-size.ts';
import { readAssumeRole } from '#local/aws/sts/parameters.ts';
import { changed } from '#test/kit/policy.ts';

const ulid = '01J9ZX5T8R5C6X3K4M2N7P8Q9R';
const lent = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const withTags = (tags: object, into: readonly string[] = []): string => {
  const chaining =
    into.length === 0
      ? ''
      : `\n    chaining: { into: ${JSON.stringify(into)}, acceptUnrevocable: ${JSON.stringify(Object.fromEntries(into.filter((arn) => arn !== lent).map((arn) => [arn, 'Seen.'])))} }\n    acceptWeaker: Seen.`;
  return changed(['approval: none', `approval: none\n    tags: ${JSON.stringify(tags)}${chaining}`]);
};
/** Without the line numbers, which move with the sample. */
const linesOf = (text: string): readonly string[] => {
  const read = readPolicy(text);
  return read.ok ? [] : read.problems.map((problem) => problemLine(problem).replace(/^line \d+: /, ''));
};

describe('case 47: a policy whose sessions STS would refuse', () => {
  it.each<[what: string, tags: Record<string, string>, line: string]>([
    [
      'a key with a character that no tag has',
      { 'cost,center': 'x' },
      'entitlements.orders-read.tags.cost,center: A tag key is letters, digits, spaces and _ . : / = + - @.',
    ],
    [
      'a value with one',
      { team: 'orders;drop' },
      'entitlements.orders-read.tags.team: A tag value is letters, digits, spaces and _ . : / = + - @.',
    ],
    [
      'a line break in a value',
      { team: 'a\nb' },
      'entitlements.orders-read.tags.team: A tag value is letters, digits, spaces and _ . : / = + - @.',
    ],
    [
      'keys that differ in capitals only',
      { Team: 'a', tEAM: 'b' },
      'entitlements.orders-read.tags.tEAM: Team is the same tag key to STS. Remove one of them.',
    ],
    [
      'the prefix of AWS in any case',
      { 'Aws:source': 'x' },
      'entitlements.orders-read.tags.Aws:source: Tag keys that start with aws: or daypass: are reserved.',
    ],
    [
      'a grant of one’s own',
      { 'daypass:grant': ulid },
      'entitlements.orders-read.tags.daypass:grant: Tag keys that start with aws: or daypass: are reserved.',
    ],
    [
      'a key that no trust policy can name',
      { отдел: 'orders' },
      'entitlements.orders-read.tags.отдел: A tag key has no characters beyond ÿ (U+00FF). It stands in the role’s trust policy, where IAM takes no others.',
    ],
    [
      'more than fit',
      { note: 'x'.repeat(256), team: 'x'.repeat(17) },
      'entitlements.orders-read.tags: Keys and values of the tags are 281 bytes in all; STS has room for 280 here. Shorten them, or remove some.',
    ],
  ])('is refused before anybody asks, and the entitlement and the tag are named: %s', (_, tags, line) => {
    expect(linesOf(withTags(tags))).toEqual([line]);
  });

  it('has more than forty tags, or less room because of the roles that a session may go on to', () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, '']));
    expect(linesOf(withTags(many))).toEqual([expect.stringContaining('There are 51 tags; at most 40 fit.')]);
    const into = [lent];
    expect(linesOf(withTags({ note: 'x'.repeat(256), team: 'orders' }, into))).toEqual([
      expect.stringContaining(
        '270 bytes in all; STS has room for 269 here. Shorten them, or remove some, or name fewer',
      ),
    ]);
  });

  it('has a person whose id is too short to be a source identity', () => {
    const text = changed(['people:\n  alice:', 'people:\n  a:'], ['[alice, bob, carol]', '[a, bob, carol]']);
    expect(linesOf(text)).toEqual([expect.stringMatching(/people\.a: A person’s id is .* at least two,/)]);
  });

  const word = (most: number) =>
    fc.string({
      unit: fc.constantFrom(...'aZ9 _.:/=+-@éß', '部', 'ж', '\u2028', '\u3000', '𝒜', ',', '$', '\n', '\0', '*', '"'),
      maxLength: most,
    });
  const key = fc.oneof(
    { weight: 1, arbitrary: word(140) },
    { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,9}$/) },
  );
  const value = fc.oneof(
    { weight: 1, arbitrary: word(300) },
    { weight: 4, arbitrary: fc.stringMatching(/^[\w.@ ]{0,30}$/) },
  );
  const tags = fc.dictionary(key, value, { maxKeys: 55, noNullPrototype: true });
  const person = fc.oneof(
    word(60),
    fc.stringMatching(/^[a-z][a-z0-9-]{0,60}$/),
    fc.constantFrom('a'.repeat(37), 'a'.repeat(50)),
  );
  const role = fc.stringMatching(/^[\w+=,.@-]{1,90}$/).map((name) => `arn:aws:iam::222222222222:role/${name}`);

  it('is refused, whatever it is: what the policy check lets through, the embedded STS takes', () => {
    let accepted = 0;
    fc.assert(
      fc.property(person, tags, fc.array(role, { maxLength: 10 }), (personId, own, into) => {
        const text = withTags(own, into)
          .replace('people:\n  alice:', () => `people:\n  ${JSON.stringify(personId)}:`)
          .replaceAll('[alice, bob, carol]', () => `[${JSON.stringify(personId)}, bob, carol]`);
        const read = readPolicy(text);
        if (!read.ok) return;
        accepted += 1;
        const entitlement = read.policy.entitlements.find(({ id }) => id === 'orders-read');
        const chosen = { ...entitlement?.tags, [grantTag]: ulid, [entitlementTag]: 'e'.repeat(50) };
        const policy = sessionPolicy({ endsAt: '2026-11-22T10:00:20.000Z', chaining: entitlement?.chaining ?? false });
        const input = readAssumeRole({
          RoleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-read',
          RoleSessionName: sessionNameOf(personId, ulid),
          SourceIdentity: personId,
          Tags: Object.entries(chosen).map(([Key, Value]) => ({ Key, Value })),
          TransitiveTagKeys: Object.keys(chosen),
          Policy: policy,
        });
        expect(packedPolicySize(input.policy, input.tags)).toBeLessThanOrEqual(100);
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(10);
  });

  it('is not one that uses the whole room', () => {
    const noise = (length: number, salt: number) =>
      Array.from(
        { length },
        (_, index) =>
          'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789_-'[
            (index * index * 31 + index * salt + salt) % 60
          ],
      ).join('');
    const into = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::333333333333:role/${noise(97, index * 7 + 1)}`);
    for (const [roles, room] of [
      [[], 280],
      [into, 24],
    ] as const) {
      const own = { k: noise(Math.min(room - 1, 256), 3), ...(room > 257 && { kk: noise(room - 259, 5) }) };
      expect(linesOf(withTags(own, roles))).toEqual([]);
      const all = { ...own, [grantTag]: ulid, [entitlementTag]: 'e'.repeat(50) };
      const policy = sessionPolicy({
        endsAt: '2026-11-22T10:00:20.000Z',
        chaining: roles.length > 0 ? { into: roles } : false,
      });
      expect(packedPolicySize(policy, all)).toBeLessThanOrEqual(100);
    }
  });
});
