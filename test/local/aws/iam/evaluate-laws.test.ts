import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toContext } from '#local/aws/iam/context.ts';
import { type Ask, decide, evaluate, type PolicySets } from '#local/aws/iam/evaluate.ts';
import { type Policy, parsePolicy } from '#local/aws/iam/policy.ts';

/** A world so small that random policies and random requests meet often. */
const actions = ['a:One', 'a:Two', 'b:One', 'b:Two'];
const resources = ['arn:aws:a:::x/1', 'arn:aws:a:::x/2', 'arn:aws:b:::y/1'];
const keys = ['aws:PrincipalTag/t', 'aws:userid', 'aws:SourceIp'];
const values = ['p', 'q', 'pq'];
const operators = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIfExists',
  'ForAnyValue:StringEquals',
  'ForAllValues:StringNotLike',
];

const someOf = (all: readonly string[]) => fc.subarray([...all], { minLength: 1 });
const condition = fc
  .record({
    operator: fc.constantFrom(...operators),
    key: fc.constantFrom(...keys),
    wanted: someOf([...values, 'p*', '?', '${aws:userid}']),
  })
  .map(({ operator, key, wanted }) => ({ [operator]: { [key]: wanted } }));

const statement = (effect: 'Allow' | 'Deny') =>
  fc
    .record({
      action: fc.record({ not: fc.boolean(), of: someOf([...actions, 'a:*', '*']) }),
      resource: fc.record({ not: fc.boolean(), of: someOf([...resources, 'arn:aws:a:::x/*', '*']) }),
      condition: fc.option(condition, { nil: {} }),
    })
    .map(({ action, resource, condition: Condition }) => ({
      Effect: effect,
      [action.not ? 'NotAction' : 'Action']: action.of,
      [resource.not ? 'NotResource' : 'Resource']: resource.of,
      Condition,
    }));

const toPolicy = (statements: object[]): Policy =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity');
const anyStatement = fc.oneof(statement('Allow'), statement('Deny'));
const policy = fc.array(anyStatement, { minLength: 1, maxLength: 4 }).map(toPolicy);
const denyPolicy = fc.array(statement('Deny'), { minLength: 1, maxLength: 3 }).map(toPolicy);

const ask: fc.Arbitrary<Ask> = fc
  .record({
    action: fc.constantFrom(...actions),
    resource: fc.constantFrom(...resources),
    context: fc.dictionary(fc.constantFrom(...keys), fc.subarray(values)),
  })
  .map(({ context, ...rest }) => ({ ...rest, context: toContext(context) }));

const sets: fc.Arbitrary<PolicySets> = fc
  .record({
    identity: fc.array(policy, { maxLength: 3 }),
    boundary: fc.option(policy, { nil: undefined }),
    session: fc.array(policy, { maxLength: 2 }),
  })
  .map(({ boundary, ...rest }) => ({ ...rest, ...(boundary ? { boundary } : {}) }));

const runs = { numRuns: 1000 };
const denyEverything = toPolicy([{ Effect: 'Deny', Action: '*', Resource: '*' }]);
const allowEverything = toPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }]);

describe('laws of evaluation', () => {
  it('an explicit deny is never overcome, in whatever layer it stands', () => {
    fc.assert(
      fc.property(sets, ask, fc.constantFrom('identity', 'boundary', 'session'), (has, asked, layer) => {
        const denied =
          layer === 'boundary'
            ? { ...has, boundary: denyEverything }
            : { ...has, [layer]: [...(layer === 'identity' ? has.identity : has.session), denyEverything] };
        expect(decide(denied, asked)).toMatchObject({ allowed: false, explicit: true });
      }),
      runs,
    );
  });

  it('adding a deny never allows what was refused', () => {
    fc.assert(
      fc.property(sets, denyPolicy, ask, (has, more, asked) => {
        const after = decide({ ...has, identity: [...has.identity, more] }, asked);
        expect(after.allowed && !decide(has, asked).allowed).toBe(false);
      }),
      runs,
    );
  });

  it('a session may do no more than its role, whatever its session policy says', () => {
    fc.assert(
      fc.property(sets, policy, ask, (has, session, asked) => {
        const narrowed = decide({ ...has, session: [...has.session, session] }, asked);
        expect(narrowed.allowed && !decide(has, asked).allowed).toBe(false);
      }),
      runs,
    );
  });

  it('a boundary never adds a permission', () => {
    fc.assert(
      fc.property(sets, policy, ask, (has, boundary, asked) => {
        const { boundary: _, ...free } = has;
        expect(decide({ ...free, boundary }, asked).allowed && !decide(free, asked).allowed).toBe(false);
      }),
      runs,
    );
  });

  it('a session policy that allows everything changes nothing', () => {
    fc.assert(
      fc.property(sets, ask, (has, asked) => {
        expect(decide({ ...has, session: [...has.session, allowEverything] }, asked)).toEqual(decide(has, asked));
      }),
      runs,
    );
  });

  it('the order of policies and of their statements does not matter', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), ask, (policies, asked) => {
        const backwards = [...policies].reverse().map(({ statements }) => ({ statements: [...statements].reverse() }));
        expect(evaluate(backwards, asked)).toBe(evaluate(policies, asked));
      }),
      runs,
    );
  });

  it('what is allowed is allowed by some statement alone', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 4 }), ask, (policies, asked) => {
        const alone = policies
          .flatMap(({ statements }) => statements)
          .map((one) => evaluate([{ statements: [one] }], asked));
        const expected = alone.includes('explicit-deny')
          ? 'explicit-deny'
          : alone.includes('allow')
            ? 'allow'
            : 'implicit-deny';
        expect(evaluate(policies, asked)).toBe(expected);
      }),
      runs,
    );
  });
});
