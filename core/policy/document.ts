import * as z from 'zod/mini';
import { iamArn, principalArnPattern } from '#core/aws-arn.ts';
import { isOfOtherPartition, regionPattern } from '#core/aws-region.ts';
import { entitlement } from './entitlement-section.ts';
import { duration, groupNames, line, listOf, matching, name, oneOrMore, section } from './fields.ts';

/**
 * `access.yaml` as people write it. Strict: a key that is not listed is refused, so that a misspelt rule cannot be
 * silently absent. `access.schema.json` is made of this. A message may carry a hint after a line break.
 */

const slackUser = matching(
  /^[UW][A-Z0-9]{2,30}$/,
  'A Slack user id is U or W and then capitals and digits, like U0ALICE.\nIn Slack: profile, the three dots, Copy member ID.',
  'A Slack user id, like `U0ALICE`. In Slack: profile, the three dots, Copy member ID.',
);
const email = matching(
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
  'This is not an e-mail address.',
  'An e-mail address. Capitals do not count.',
);
const channel = (description: string) =>
  matching(
    /^[CG][A-Z0-9]{2,30}$/,
    'A Slack channel id is C or G and then capitals and digits, like C0ACCESS. It is not the channel’s name.',
    description,
  );

const account = section(
  {
    id: matching(
      /^\d{12}$/,
      'An account id is twelve digits in quotes: id: "222222222222".\nWithout the quotes YAML reads a number, and drops leading zeros.',
      'Twelve digits, in quotes.',
    ),
    externalId: z.optional(
      matching(
        /^[\w+=,.@:/-]{2,256}$/,
        'An external id is 2 to 256 letters, digits and + = , . @ : / - _.',
        'What Daypass sends as ExternalId when it assumes a role in this account, and what the trust policies there ask for. One of its own for each account. Only the hub goes without.',
      ),
    ),
    region: z.optional(
      matching(
        regionPattern,
        'A region is written like eu-west-1.',
        'Only in the hub: the region in which Daypass runs, us-east-1 where it is left out. Of the partition aws.',
      ).check(
        z.refine(
          (region: string) => !isOfOtherPartition(region),
          'This region is not of the partition aws.\nDaypass works in no other: not in China, GovCloud or the isolated regions.',
        ),
      ),
    ),
    onboardedBy: z.optional(
      oneOrMore(
        matching(
          principalArnPattern,
          `This is the ARN of a role or a user, like ${iamArn('222222222222', 'role/deployment')}.`,
          'The ARN of a role or a user.',
          600,
        ),
        'Write the ARN of a role or a user, or a list of them.',
        'Who sets up the managed roles of this account, such as the role with which CloudFormation works: their changes to these roles raise no alert. Keep it empty if you would rather hear of each.',
      ),
    ),
    broker: z.optional(
      matching(
        principalArnPattern,
        `A broker is the ARN of a role, like ${iamArn('111111111111', 'role/daypass-node')}.`,
        'Only in the hub, and only for a single node: the role under which it runs. Nothing else may then take managed roles or the revoker without an alert.',
        600,
      ),
    ),
  },
  'One AWS account.',
);

/** Sent to STS as the source identity, which has at least two characters. */
const personId = matching(
  /^[a-z][a-z0-9-]+$/,
  'A person’s id is lower-case letters, digits and dashes, at least two, and starts with a letter, like alice.',
  'A short id for the person.',
  50,
);

const person = section(
  {
    name: line(80, 'How the person is called on cards.'),
    slack: oneOrMore(
      slackUser,
      'Write one Slack user id or a list of them, like U0ALICE.',
      'The Slack user id of this person; a list if there are several.',
    ),
    email: oneOrMore(
      email,
      'Write one e-mail address or a list of them.',
      'The e-mail address of this person; a list if there are several.',
    ),
  },
  'One human, whatever the alias: nobody approves their own request under a second name.',
);

export const policyDocument = z.strictObject({
  slack: section(
    {
      team: matching(
        /^[TE][A-Z0-9]{2,30}$/,
        'A Slack team id is T and then capitals and digits, like T0DAYPASS; an organisation’s begins with E.',
        'The Slack workspace (T…), or the organisation of an Enterprise Grid (E…). Nobody from another one is anybody here.',
      ),
      workspaces: z.optional(
        oneOrMore(
          matching(
            /^T[A-Z0-9]{2,30}$/,
            'The id of a Slack workspace is T and then capitals and digits, like T0DAYPASS.',
            'A workspace.',
          ),
          'Write the id of one workspace or a list of them, like T0DAYPASS.',
          'Enterprise Grid: further workspaces of the same organisation whose people are ours too.',
        ),
      ),
      cards: channel('The channel with one card for each request.'),
      alerts: channel('The channel with the alerts.'),
    },
    'Where Daypass talks.',
  ),
  accounts: z
    .record(name('A name for the account.'), account)
    .check(z.describe('The AWS accounts, by a name of your choice.')),
  people: z
    .record(personId, person)
    .check(z.describe('Everybody who may ask, approve or revoke, by a short id of your choice.')),
  groups: z
    .record(name('A name for the group.'), listOf(name('A person of `people`.'), 'The people of the group.'))
    .check(z.describe('Groups of people. Rules name groups, never single people.')),
  entitlements: z
    .record(name('What people name when they ask: `orders-admin`.'), entitlement)
    .check(z.describe('What can be asked for.')),
  requests: section(
    {
      lapseAfter: duration('A request that nobody answers lapses after this.'),
      asksPerHour: z.optional(
        z
          .int('Write a whole number.')
          .check(
            z.minimum(1),
            z.maximum(100_000),
            z.describe('How often one person may ask in an hour; 240 unless told.'),
          ),
      ),
      waitingAtOnce: z.optional(
        z
          .int('Write a whole number.')
          .check(
            z.minimum(1),
            z.maximum(100_000),
            z.describe('How many requests of one person may wait for approval at once; 20 unless told.'),
          ),
      ),
      ticketPattern: z.optional(
        z
          .string('Write a regular expression in single quotes.')
          .check(
            z.describe(
              'A regular expression of JavaScript. Where no ticket was given, its first match in the reason is the ticket, or of it the group called `ticket`: (?<ticket>…).',
            ),
          ),
      ),
    },
    'Rules for every request.',
  ),
  mayRevoke: groupNames('Groups whose people may end anybody’s access.'),
  mayLockDown: z.optional(
    groupNames('Groups whose people may lock a person, a role or an account down, and lift it again. Absent: nobody.'),
  ),
  alerts: section(
    {
      mayRevoke: groupNames('Groups whose people may revoke from an alert.'),
      mayDismiss: groupNames('Groups whose people may mark an alert as expected.'),
      revokeAfter: duration('A critical alert that nobody answers is revoked after this.'),
    },
    'Who answers alerts.',
  ),
});

export type PolicyDocument = z.infer<typeof policyDocument>;
