import { describe, expect, it } from 'vitest';
import { readPolicy } from '#core/policy/read.ts';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import { onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { changed, samplePolicy } from '#test/kit/policy.ts';

const arnOf = (role: string, account = '222222222222') => `arn:aws:iam::${account}:role/${role}`;
const payments = arnOf('daypass-jit-payments-admin');

/** The sample with one entitlement more, which is written after the others. */
const withEntry = (entry: string, ...changes: [string, string][]) => {
  const text = changed(['\nrequests:\n', `${entry}\n\nrequests:\n`], ...changes);
  return { text, read: readPolicy(text) };
};

const entry = (id: string, fields: Readonly<Record<string, string>>): string =>
  [
    `  ${id}:`,
    ...Object.entries({
      description: 'For a test',
      account: 'production',
      mayAsk: '[developers]',
      duration: '{ min: 5s, default: 30m, max: 1h }',
      approval: 'none',
      ...fields,
    }).map(([key, value]) => `    ${key}: ${value}`),
  ].join('\n');

const problems = ({ read }: { read: ReturnType<typeof readPolicy> }) =>
  read.ok ? [] : read.problems.map(({ path, line, message }) => ({ path, line, message }));
const warnings = ({ read }: { read: ReturnType<typeof readPolicy> }) =>
  read.ok ? read.warnings.map(({ path, message }) => `${path}: ${message}`) : [JSON.stringify(read.problems)];
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

describe('a weaker way to a role', () => {
  it('is refused where an entitlement lends the role of a stricter one for less, with both names and lines', () => {
    const world = withEntry(entry('payments-quick', { role: 'daypass-jit-payments-admin' }));
    expect(problems(world)).toEqual([
      {
        path: 'entitlements.payments-quick.approval',
        line: lineOf(world.text, 'payments-quick:') + 5,
        message: `payments-quick lends the role of payments-admin for less: payments-quick takes no approval of anybody in developers, and payments-admin takes 2 people of leads. (payments-admin: line ${lineOf(world.text, 'approval: { count: 2')}.)`,
      },
    ]);
    expect(world.read.ok ? '' : world.read.problems[0]?.hint).toContain('acceptWeaker: <reason>');
  });

  it.each([
    ['no approval below one', 'none', '{ count: 1, of: [leads] }'],
    ['one below two', '{ count: 1, of: [leads] }', '{ count: 2, of: [leads] }'],
    ['one of more groups below one of fewer', '{ count: 1, of: [leads, developers] }', '{ count: 1, of: [leads] }'],
  ])('is told of approvals: %s', (_, weaker, stricter) => {
    const role = 'daypass-jit-payments-more';
    const both = `${entry('one', { role, approval: weaker })}\n${entry('other', { role, approval: stricter })}`;
    expect(problems(withEntry(both)).map(({ path }) => path)).toEqual(['entitlements.one.approval']);
  });

  it('is told of those who need nobody: more groups below fewer', () => {
    const role = 'daypass-jit-more';
    const both = `${entry('one', { role, mayAsk: '[leads, developers]' })}\n${entry('other', { role, mayAsk: '[leads]' })}`;
    expect(problems(withEntry(both)).map(({ path }) => path)).toEqual(['entitlements.one.approval']);
  });

  it.each([
    ['a longer window', { duration: '{ min: 5s, default: 30m, max: 12h }' }, {}],
    ['more people who ask and are approved', { mayAsk: '[developers, leads]' }, {}],
    ['more approvals', { approval: '{ count: 3, of: [leads] }' }, { approval: '{ count: 3, of: [leads] }' }],
    ['other approvers, of whom none are all of the others', { approval: '{ count: 2, of: [developers] }' }, {}],
  ])('is not %s', (_, one, other) => {
    const role = 'daypass-jit-more';
    const rule = { role, approval: '{ count: 2, of: [leads] }' };
    const both = `${entry('one', { ...rule, ...one })}\n${entry('other', { ...rule, ...other })}`;
    expect(problems(withEntry(both))).toEqual([]);
  });

  it('is none where nobody may ask', () => {
    expect(problems(withEntry(entry('none-asks', { role: 'daypass-jit-payments-admin', mayAsk: '[]' })))).toEqual([]);
  });

  it('is refused where sessions go on to the role, also over others that are as open as they are', () => {
    const hop = arnOf('daypass-jit-hop');
    const straight = withEntry(entry('hop', { role: 'daypass-jit-hop', chaining: `{ into: [${payments}] }` }));
    expect(problems(straight)).toMatchObject([
      {
        path: 'entitlements.hop.chaining.into.0',
        line: lineOf(straight.text, 'into:'),
        message: expect.stringMatching(/^hop goes on to the role of payments-admin for less: /),
      },
    ]);
    const over = withEntry(
      [
        entry('hop', {
          role: 'daypass-jit-hop',
          chaining: `{ into: [${payments}] }`,
          approval: '{ count: 2, of: [leads] }',
        }),
        entry('start', {
          role: 'daypass-jit-start',
          chaining: `{ into: [${arnOf('daypass-jit-orders-read')}, ${hop}] }`,
        }),
      ].join('\n'),
    );
    expect(
      problems(over)
        .map(({ path, message }) => [path, message.split(' for less')[0]])
        .toSorted(),
    ).toEqual([
      ['entitlements.start.chaining.into.1', 'start goes on to the role of hop'],
      ['entitlements.start.chaining.into.1', 'start goes on to the role of payments-admin'],
    ]);
  });

  it('goes on from a role as any entitlement of the role may: the session policy bounds the first step alone', () => {
    const role = 'daypass-jit-hop';
    const approval = '{ count: 2, of: [leads] }';
    const world = withEntry(
      [
        entry('hop', { role, approval, chaining: `{ into: [${payments}] }` }),
        entry('hop-too', { role, approval }),
        entry('start', { role: 'daypass-jit-start', chaining: `{ into: [${arnOf(role)}] }`, acceptWeaker: 'Seen.' }),
        entry('aside', { role: 'daypass-jit-aside', chaining: `{ into: [${arnOf(role)}] }`, approval }),
      ].join('\n'),
    );
    expect(problems(world)).toEqual([]);
    expect(warnings(world)).toEqual([]);
    const unstated = world.text.replace('    acceptWeaker: Seen.\n', '');
    expect(problems({ read: readPolicy(unstated) }).map(({ message }) => message.split(' for less')[0])).toEqual([
      'start goes on to the role of payments-admin',
      'start goes on to the role of hop',
    ]);
  });

  it('ends where roles go on to each other', () => {
    const [a, b] = [arnOf('daypass-jit-a'), arnOf('daypass-jit-b')];
    const both = [
      entry('a', { role: 'daypass-jit-a', chaining: `{ into: [${b}] }` }),
      entry('b', { role: 'daypass-jit-b', chaining: `{ into: [${a}] }` }),
    ].join('\n');
    expect(problems(withEntry(both))).toEqual([]);
  });

  it('is let through where the policy states why, on the weaker one', () => {
    const stated = entry('payments-quick', { role: 'daypass-jit-payments-admin', acceptWeaker: 'Read only by tag.' });
    expect(problems(withEntry(stated))).toEqual([]);
    expect(warnings(withEntry(stated))).toEqual([]);
    expect(problems(withEntry(stated.replace('Read only by tag.', '" "')))).toHaveLength(1);
  });

  it('that is stated and is none is told of', () => {
    expect(warnings(withEntry(entry('more', { role: 'daypass-jit-more', acceptWeaker: 'Once it was.' })))).toEqual([
      'entitlements.more.acceptWeaker: more is no weaker way to a role than another entitlement.',
    ]);
  });

  it('by who is in the groups at present is a warning: taking somebody out never makes a policy be refused', () => {
    const role = 'daypass-jit-more';
    const both = [
      entry('one', { role, approval: '{ count: 1, of: [developers] }' }),
      entry('other', { role, approval: '{ count: 1, of: [leads] }' }),
    ].join('\n');
    expect(problems(withEntry(both))).toEqual([]);
    expect(warnings(withEntry(both))).toEqual([
      expect.stringMatching(/^entitlements.one.approval: one lends the role/),
    ]);
    const apart: [string, string] = ['developers: [alice, bob, carol]', 'developers: [alice, bob]'];
    expect(warnings(withEntry(both, apart))).toEqual([]);
    expect(problems(withEntry(both, apart, ['leads: [bob, carol]', 'leads: [bob]']))).toEqual([]);
  });
});

describe('chaining into Daypass itself', () => {
  const into = (arn: string, ...changes: [string, string][]) =>
    withEntry(
      entry('onward', { role: 'daypass-jit-onward', chaining: `{ into: [${arn}] }`, acceptWeaker: 'I may.' }),
      ...changes,
    );

  const told = (world: { read: ReturnType<typeof readPolicy> }) =>
    problems(world).map(({ path, message }) => `${path}: ${message}`);
  const itself =
    'entitlements.onward.chaining.into.0: This is a role of Daypass itself: whoever has it can lift denies, or hand out any access.';

  it.each([
    arnOf('daypass-revoker'),
    arnOf('some/path/daypass-revoker'),
    arnOf('Daypass-Revoker', '333333333333'),
    arnOf('daypass-mint-credentials', '111111111111'),
    arnOf('daypass-machine-access-request', '111111111111'),
    arnOf('daypass-forward'),
  ])('is refused always, into %s', (arn) => {
    expect(told(into(arn))).toEqual([itself]);
  });

  it('is refused into the broker of a single node, whatever it is called', () => {
    const broker: [string, string] = [
      '    id: "111111111111"\n',
      `    id: "111111111111"\n    broker: ${arnOf('ops/node', '111111111111')}\n`,
    ];
    expect(told(into(arnOf('ops/node', '111111111111'), broker))).toEqual([itself]);
    expect(told(into(arnOf('node', '111111111111'), broker))).toEqual([itself]);
  });

  it('would take every role that onboarding makes beside those that are lent', () => {
    const policy = samplePolicy();
    const { Resources } = cloudFormation(onboardingPlan(policy, targetsOf(policy)));
    const names = Object.values(Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::IAM::Role' ? [String(Properties?.RoleName)] : [],
    );
    expect(names).toContain('daypass-revoker');
    const own = names.filter((name) => !name.startsWith('daypass-jit-'));
    expect(own.filter((name) => told(into(arnOf(name)))[0] !== itself)).toEqual([]);
  });
});
