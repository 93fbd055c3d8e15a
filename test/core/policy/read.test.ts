import { describe, expect, it } from 'vitest';
import { decide } from '#core/policy/decide.ts';
import { problemLine } from '#core/policy/problem.ts';
import { readPolicy } from '#core/policy/read.ts';
import { changed, samplePolicy } from '#test/kit/policy.ts';

const problemsOf = (text: string) => {
  const read = readPolicy(text);
  return read.ok ? [] : read.problems;
};
const problemsAfter = (...changes: [string, string][]) =>
  problemsOf(changed(...changes)).map(({ path, message }) => `${path}: ${message}`);
const warningsAfter = (...changes: [string, string][]) => {
  const read = readPolicy(changed(...changes));
  return read.ok ? read.warnings.map(({ path, message }) => `${path}: ${message}`) : read.problems;
};
const lineNumber = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

describe('a policy that can be read', () => {
  it('has the same digest whatever its comments, layout and order of keys', () => {
    const { digest } = samplePolicy();
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(samplePolicy(['# one of the leads, never the one who asks', '']).digest).toBe(digest);
    expect(samplePolicy(['{ count: 1, of: [leads] }', '{ of: [ "leads" ], count: 1 }']).digest).toBe(digest);
    expect(samplePolicy(['default: 30m', 'default: 1800s']).digest).toBe(digest);
  });

  it('has another digest after any change of a rule', () => {
    const digests = [
      samplePolicy(),
      samplePolicy(['max: 4h', 'max: 3h']),
      samplePolicy(['leads: [bob, carol]', 'leads: [carol, bob, alice]']),
    ];
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(3);
  });

  it('gives several aliases to one person, with e-mail addresses in lower case', () => {
    const policy = samplePolicy(
      ['slack: U0ALICE', 'slack: [U0ALICE, U1ALICE]'],
      ['email: alice@example.com', 'email: [Alice@Example.com]'],
    );
    expect(policy.people[0]).toEqual({
      id: 'alice',
      name: 'Alice',
      slackUserIds: ['U0ALICE', 'U1ALICE'],
      emails: ['alice@example.com'],
    });
  });

  it('keeps tags and chaining, and takes none and false where they are left out', () => {
    const policy = samplePolicy([
      '    approval: none',
      '    approval: none\n    tags: { Team: orders, "Cost Center": "42" }\n    chaining: { into: [arn:aws:iam::222222222222:role/daypass-jit-orders-admin] }\n    acceptWeaker: Seen.',
    ]);
    expect(policy.entitlements[0]).toMatchObject({
      tags: { Team: 'orders', 'Cost Center': '42' },
      chaining: { into: ['arn:aws:iam::222222222222:role/daypass-jit-orders-admin'] },
    });
    expect(policy.entitlements[1]).toMatchObject({ tags: {}, chaining: false });
  });

  it('may repeat itself with an anchor', () => {
    expect(
      samplePolicy(
        ['leads: [bob, carol]', 'leads: &leads [bob, carol]\n  owners: *leads'],
        ['\nmayRevoke: [leads]', '\nmayRevoke: [leads, owners]'],
      ).groups.owners,
    ).toEqual(['bob', 'carol']);
  });

  it('warns of a group that no rule names and of what nobody can get', () => {
    expect(warningsAfter(['  leads: [bob', '  interns: [dave]\n  leads: [bob'])).toEqual([
      'groups.interns: No rule names the group interns.',
    ]);
    expect(warningsAfter(['developers: [alice, bob, carol]', 'developers: [bob, carol]'])).toEqual([
      'entitlements.payments-admin.approval: Nobody approves their own request, so none of those who may ask for payments-admin can get it.',
    ]);
    expect(warningsAfter(['developers: [alice, bob, carol]', 'developers: []'])).toHaveLength(3);
  });
});

describe('a policy that cannot be read', () => {
  it('names every problem at once, by line, with what to do', () => {
    const text = changed(
      ['team:', 'tema:'],
      ['"111111111111"', '111111111111'],
      ['slack: U0DAVE', 'slack: [U0DAVE, dave]'],
      ['mayAsk: [developers]', 'mayask: [developers]'],
      ['max: 2h', 'max: 90'],
    );
    expect(problemsOf(text).map(problemLine)).toEqual([
      `line ${lineNumber(text, 'tema:')}: slack.tema: There is no setting tema here. Did you mean team?`,
      `line ${lineNumber(text, 'id: 1111')}: accounts.hub.id: An account id is twelve digits in quotes: id: "222222222222". Without the quotes YAML reads a number, and drops leading zeros.`,
      `line ${lineNumber(text, '[U0DAVE')}: people.dave.slack.1: A Slack user id is U or W and then capitals and digits, like U0ALICE. In Slack: profile, the three dots, Copy member ID.`,
      `line ${lineNumber(text, 'mayask:')}: entitlements.orders-read.mayask: There is no setting mayask here. Did you mean mayAsk?`,
      `line ${lineNumber(text, 'max: 90')}: entitlements.payments-admin.duration.max: This is not a duration. Write whole numbers with units, the larger first: 5s, 30m, 1h30m, 8h, 1d.`,
    ]);
  });

  it.each<[string, string, string]>([
    ['developers: [alice, bob', 'developers: [alicia, bob', 'groups.developers.0: There is no person alicia.'],
    ['of: [leads] } # one', 'of: [leeds] } # one', 'entitlements.orders-admin.approval.of.0: There is no group leeds.'],
    [
      'mayAsk: [developers]',
      'mayAsk: [constructor]',
      'entitlements.orders-read.mayAsk.0: There is no group constructor.',
    ],
    ['mayDismiss: [leads]', 'mayDismiss: [lead]', 'alerts.mayDismiss.0: There is no group lead.'],
    ['\nmayRevoke: [leads]', '\nmayRevoke: [bosses]', 'mayRevoke.0: There is no group bosses.'],
    ['account: production', 'account: staging', 'entitlements.orders-read.account: There is no account staging.'],
  ])('says where a name leads nowhere: %s → %s', (from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  it.each(['bob@example.com', 'Bob@Example.COM', 'bob+aws@example.com', 'BOB+a+b@example.com'])(
    'takes %s for bob’s mailbox, so carol cannot have it',
    (email) => {
      expect(problemsAfter(['carol@example.com', email])).toEqual([
        'people.carol.email: bob has this e-mail address too; capitals and what follows a + do not count.',
      ]);
    },
  );

  it('gives no Slack user to two people', () => {
    expect(problemsAfter(['slack: U0CAROL', 'slack: [U0CAROL, U0BOB]'])).toEqual([
      'people.carol.slack.1: bob has this Slack user id too.',
    ]);
  });

  it.each<[string, string, string]>([
    ['count: 1', 'count: 0', 'entitlements.orders-admin.approval.count: It takes at least 1.'],
    [
      'count: 1',
      'count: 1.5',
      'entitlements.orders-admin.approval.count: Write how many people it takes, a whole number from 1 to 10.',
    ],
    [
      'approval: none',
      'approval: nobody',
      'entitlements.orders-read.approval: Write `approval: none` or `approval: { count: 1, of: [leads] }`.',
    ],
    [
      'approval: none',
      'approval: { count: 1, off: [leads] }',
      'entitlements.orders-read.approval.off: There is no setting off here.',
    ],
    [
      'approval: none',
      'approval: { count: 1, of: [] }',
      'entitlements.orders-read.approval.of: Name at least one group.',
    ],
    ['    approval: none\n', '', 'entitlements.orders-read.approval: approval is missing.'],
  ])('refuses an approval that cannot be: %s → %s', (from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  it.each<[string, readonly string[]]>([
    [
      'leads: [bob]',
      [
        'entitlements.payments-admin.approval.count: It takes 2 people of leads, where there is only 1.',
        'mayLockDown: Only one person may lock down; it takes a second one to lift the lockdown of the first.',
      ],
    ],
    [
      'leads: [bob, bob]',
      [
        'entitlements.payments-admin.approval.count: It takes 2 people of leads, where there is only 1.',
        'mayLockDown: Only one person may lock down; it takes a second one to lift the lockdown of the first.',
      ],
    ],
    [
      'leads: []',
      [
        'entitlements.orders-admin.approval.of: Nobody is in leads.',
        'entitlements.payments-admin.approval.of: Nobody is in leads.',
        'mayLockDown: Nobody may lock down; it takes a second one to lift the lockdown of the first.',
      ],
    ],
  ])('takes an approver away at once, with a warning, and nobody gets what then lacks approvers: %s', (to, warned) => {
    expect(warningsAfter(['leads: [bob, carol]', to])).toEqual(warned);
    const ask = { personId: 'alice', entitlementId: 'payments-admin', durationSec: 60, reason: 'paying back' };
    expect(decide(samplePolicy(['leads: [bob, carol]', to]), ask, []).verdict).toBe('refused');
  });

  it.each<[string, string, string]>([
    [
      'max: 4h',
      'max: 4s',
      'entitlements.orders-admin.duration.max: The longest, 4 seconds, is shorter than the shortest, 5 seconds.',
    ],
    [
      'max: 4h',
      'max: 10m',
      'entitlements.orders-admin.duration.default: The default, 30 minutes, is outside 5 seconds to 10 minutes.',
    ],
    ['max: 4h', 'max: 31d', 'entitlements.orders-admin.duration.max: A duration may be at most 30d.'],
    ['max: 4h', 'max: 0s', 'entitlements.orders-admin.duration.max: A duration must be longer than nothing.'],
    ['lapseAfter: 24h', 'lapseAfter: 1 day', 'requests.lapseAfter: This is not a duration.'],
    ['revokeAfter: 15m', 'revokeAfter: -15m', 'alerts.revokeAfter: This is not a duration.'],
  ])('refuses a duration that cannot be: %s → %s', (from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  it.each([
    'orders-admin',
    'daypass-jit-',
    'daypass-jit-*',
    'daypass-jit-a/b',
    'daypass-jit-é',
    `daypass-jit-${'x'.repeat(53)}`,
    'Daypass-jit-x',
    'arn:aws:iam::222222222222:role/daypass-jit-x',
  ])('refuses the role name %s', (role) => {
    const problems = problemsAfter(['role: daypass-jit-orders-admin', `role: "${role}"`]);
    expect(problems[0]).toMatch(/^entitlements\.orders-admin\.role: A role must be named daypass-jit-/);
  });

  it('takes a role name of 64 characters, the longest that IAM has', () => {
    const role = `daypass-jit-${'x'.repeat(52)}`;
    expect(samplePolicy(['role: daypass-jit-orders-admin', `role: ${role}`]).entitlements[1]?.roleName).toBe(role);
  });

  it.each(['Orders', '1st', 'orders admin', 'orders_admin', '-x', '"*"'])(
    'refuses %s as the name of an entitlement',
    (name) => {
      expect(problemsAfter(['  orders-read:\n', `  ${name}:\n`])[0]).toMatch(
        /A name here is lower-case letters, digits and dashes/,
      );
    },
  );

  it.each<[string, string]>([
    ['"daypass:grant": x', 'Tag keys that start with aws: or daypass: are reserved.'],
    ['"AWS:x": x', 'Tag keys that start with aws: or daypass: are reserved.'],
    ['"": x', 'A tag key has 1 to 128 characters.'],
    ['"a,b": x', 'A tag key is letters, digits, spaces and _ . : / = + - @.'],
    [`${'k'.repeat(129)}: x`, 'A tag key has 1 to 128 characters.'],
    [`k: ${'v'.repeat(257)}`, 'A tag value has at most 256 characters.'],
    ['k: 42', 'A tag value is text.'],
    ['k: "<x>"', 'A tag value is letters, digits, spaces and _ . : / = + - @.'],
    ['Team: a, team: b', 'Team is the same tag key to STS.'],
  ])('refuses the tags { %s }', (tags, message) => {
    const problems = problemsOf(changed(['approval: none', `approval: none\n    tags: { ${tags} }`]));
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it('wants an external id of its own for every account but one', () => {
    expect(problemsAfter(['    externalId: dp-partner-c05e4d18\n', ''])).toEqual([
      'accounts.partner: partner has no externalId, and hub has none either.',
    ]);
    expect(problemsAfter(['dp-partner-c05e4d18', 'dp-production-7f3a91c2'])).toEqual([
      'accounts.partner.externalId: production has this external id too.',
    ]);
    expect(problemsAfter(['"333333333333"', '"222222222222"'])).toEqual([
      'accounts.partner.id: production has this id too.',
    ]);
  });

  it.each<[string, string]>([
    ["'(a+)\\1'", 'The pattern refers back to what a group matched, which can take for ever.'],
    ["'['", 'The pattern is not a regular expression that JavaScript can read.'],
    [`'${'x'.repeat(201)}'`, 'The pattern is longer than 200 characters.'],
  ])('refuses the ticket pattern %s', (pattern, message) => {
    expect(problemsAfter([`'${samplePolicy().requests.ticketPattern}'`, pattern])).toEqual([
      `requests.ticketPattern: ${message}`,
    ]);
  });
});
