import * as z from 'zod/mini';
import { iamArnPattern } from '#core/aws-arn.ts';
import { managedPrefix, roleArnOf } from '#core/aws-role.ts';
import { longerLivedIds } from '#core/longer-lived.ts';
import { duration, groupNames, line, listOf, matching, name, section } from './fields.ts';

const approval = z
  .union(
    [
      z.literal('none'),
      z.strictObject({
        count: z
          .int('Write how many people it takes, a whole number from 1 to 10.')
          .check(
            z.gte(1, 'It takes at least 1.\nFor no approval write approval: none.'),
            z.lte(10, 'It takes at most 10.'),
            z.describe('How many different people must approve.'),
          ),
        of: groupNames('Groups whose people may approve. Never the one who asks.').check(
          z.minLength(1, 'Name at least one group.'),
        ),
      }),
    ],
    'Write `approval: none` or `approval: { count: 1, of: [leads] }`.',
  )
  .check(z.describe('Who has to approve: `none`, or how many people of which groups.'));

const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKey = z.string().check(
  z.regex(tagCharacters, 'A tag key is letters, digits, spaces and _ . : / = + - @.'),
  z.minLength(1, 'A tag key has 1 to 128 characters.'),
  z.maxLength(128, 'A tag key has 1 to 128 characters.'),
  z.refine(
    (key: string) => !/[^ -\u00ff]/.test(key),
    'A tag key has no characters beyond ÿ (U+00FF).\nIt stands in the role’s trust policy, where IAM takes no others.',
  ),
  z.refine((key: string) => !/^(?:aws|daypass):/i.test(key), 'Tag keys that start with aws: or daypass: are reserved.'),
);
const tagValue = z
  .string('A tag value is text.\nPut it in quotes.')
  .check(
    z.regex(tagCharacters, 'A tag value is letters, digits, spaces and _ . : / = + - @.'),
    z.maxLength(256, 'A tag value has at most 256 characters.'),
  );

/** So many ARNs of this length fit into a session policy: `test/core/grant/session-policy.test.ts`. */
const mostChained = 10;
const longestRoleArn = 128;

const aRole = roleArnOf({ accountId: '333333333333', roleName: `${managedPrefix}reports` });

const chainedRole = matching(
  iamArnPattern(/\d{12}/, /role\/[\w+=,.@/-]+/),
  `This is not the ARN of a role, like ${aRole}.`,
  'The ARN of a role. Sessions can be ended only on a role of another entitlement, in an onboarded account.',
  longestRoleArn,
);

const chaining = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        into: listOf(chainedRole, 'The roles that a session may go on to, and no others.').check(
          z.minLength(1, 'Name at least one role.\nFor none write chaining: false.'),
          z.maxLength(mostChained, `At most ${mostChained} roles fit into a session’s policy.`),
        ),
        acceptUnrevocable: z.optional(
          z
            .record(
              chainedRole,
              line(300, 'Why sessions may go on to this role, though nobody can end them there before they expire.'),
            )
            .check(
              z.describe(
                'Roles of `into` that no entitlement lends, each with the reason why that is acceptable: Daypass cannot end sessions there. Without it such a role is refused.',
              ),
            ),
        ),
      }),
    ],
    `Write \`chaining: { into: [${aRole}] }\` or \`chaining: false\`.\nThe roles have to be named, so that sessions on them can be ended with the grant.`,
  )
  .check(z.describe('Which further roles a session may assume: `false` (the default), or `into` with their ARNs.'));

const opens = z
  .partialRecord(
    z.enum([...longerLivedIds], 'This is not one of those that can be opened.'),
    line(200, 'Why sessions need it: one line.'),
    'Write a map of what sessions may make to the reason why: `opens: { registry-token: "They push images." }`.',
  )
  .check(
    z.describe(
      'What sessions may make that lives on when they are over, each with the reason. Everything else that does is denied by the boundary.',
    ),
  );

/** One entry of `entitlements`, as people write it. */
export const entitlement = section(
  {
    description: line(200, 'What it is for, in one line. Shown to those who may ask.'),
    account: name('The account the role is in, by its name under `accounts`.'),
    role: matching(
      new RegExp(`^${managedPrefix}[\\w+=,.@-]{1,52}$`),
      `A role must be named ${managedPrefix} and then letters, digits and + = , . @ - _, at most 64 characters in all.\nThe alarm rules watch roles by that beginning, so under another name its use would go unseen.`,
      `The role’s name, without path. It must start with \`${managedPrefix}\`: the alarm rules watch roles by that beginning.`,
      64,
    ),
    mayAsk: groupNames('Groups whose people may ask. Nobody else sees that it exists.'),
    duration: section(
      {
        min: duration('The shortest that can be asked for.'),
        default: duration('What is suggested.'),
        max: duration('The longest that can be asked for.'),
      },
      'How long it can be asked for.',
    ),
    approval,
    tags: z.optional(
      z
        .record(tagKey, tagValue)
        .check(z.describe('Session tags beside those that Daypass sets. At most 40, of at most 280 bytes in all.')),
    ),
    chaining: z.optional(chaining),
    acceptWeaker: z.optional(
      line(
        300,
        'Why this entitlement may be a weaker way to a role than another one is: with fewer approvals, or of more people. Without it such a policy is refused.',
      ),
    ),
    opens: z.optional(opens),
  },
  'What can be asked for: a role in an account, with limits and an approval rule.',
);
