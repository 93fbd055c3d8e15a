import { expect, it } from 'vitest';
import { judgeTeam, type Ours, type Sender } from '#slack/listeners/sender-team.ts';

// The shapes are those of Slack's pages: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
// (user.team_id "will report an enterprise organization ID" in an organisation), .../view-interactions-payload,
// https://docs.slack.dev/interactivity/implementing-slash-commands, and of what org-wide apps were seen to get:
// github.com/slackapi/bolt-python/pull/23, github.com/slackapi/bolt-js/issues/1875,
// github.com/slackapi/deno-slack-runtime/issues/65.

const org = { id: 'E0ORG', name: 'org' };
const workspace = { id: 'T0DAYPASS', domain: 'daypass' };
const inOrg = { ...workspace, enterprise_id: 'E0ORG', enterprise_name: 'org' };
const by = (team_id: string | undefined) => ({ id: 'U0BOB', ...(team_id !== undefined && { team_id }) });

const ofWorkspace: Ours = { teamId: 'T0DAYPASS' };
const ofOrg: Ours = { teamId: 'E0ORG' };
const withSister: Ours = { teamId: 'T0DAYPASS', workspaces: ['T0SISTER'] };
const orgWithSister: Ours = { teamId: 'E0ORG', workspaces: ['T0SISTER'] };

/** Whether it is one of ours under each policy: the workspace's, the organisation's, and each with a sister named. */
type Row = [what: string, sender: Sender, verdicts: readonly [boolean, boolean, boolean, boolean]];

const commands: Row[] = [
  ['a workspace of no organisation', { team_id: 'T0DAYPASS', user_id: 'U0BOB' }, [true, false, true, false]],
  [
    'ours, in its organisation',
    { team_id: 'T0DAYPASS', enterprise_id: 'E0ORG', user_id: 'U0BOB' },
    [true, true, true, true],
  ],
  ['a sister of ours', { team_id: 'T0SISTER', enterprise_id: 'E0ORG', user_id: 'U0BOB' }, [false, true, true, true]],
  ['a stranger’s workspace', { team_id: 'T0EVIL', user_id: 'U0BOB' }, [false, false, false, false]],
  [
    'a stranger’s organisation',
    { team_id: 'T0EVIL', enterprise_id: 'E0EVIL', user_id: 'U0BOB' },
    [false, false, false, false],
  ],
  ['nothing at all', { user_id: 'U0BOB' }, [false, false, false, false]],
];

/** The same for a click, a submitted form and a closed one: what Slack says of the sender does not differ. */
const interactions: Row[] = [
  [
    'workspace app, our person',
    { team: workspace, enterprise: null, user: by('T0DAYPASS') },
    [true, false, true, false],
  ],
  [
    'workspace app, Connect stranger',
    { team: workspace, enterprise: null, user: by('T0EVIL') },
    [false, false, false, false],
  ],
  [
    'workspace app, Connect stranger of an organisation',
    { team: workspace, enterprise: null, user: by('E0EVIL') },
    [false, false, false, false],
  ],
  [
    'workspace app, the stranger’s own workspace',
    { team: { id: 'T0EVIL' }, enterprise: null, user: by('T0EVIL') },
    [false, false, false, false],
  ],
  [
    'Grid, our person by the organisation',
    { team: inOrg, enterprise: org, user: by('E0ORG') },
    [true, true, true, true],
  ],
  [
    'Grid, our person by our workspace',
    { team: inOrg, enterprise: org, user: by('T0DAYPASS') },
    [true, true, true, true],
  ],
  ['Grid, our person, no team said', { team: inOrg, enterprise: org, user: by(undefined) }, [true, true, true, true]],
  [
    'Grid, our person in a sister',
    { team: { ...inOrg, id: 'T0SISTER' }, enterprise: org, user: by('E0ORG') },
    [false, true, true, true],
  ],
  [
    'Grid, a person whose team is a sister',
    { team: inOrg, enterprise: org, user: by('T0SISTER') },
    [false, false, true, true],
  ],
  ['Grid, Connect stranger', { team: inOrg, enterprise: org, user: by('T0EVIL') }, [false, false, false, false]],
  [
    'Grid, Connect stranger of another organisation',
    { team: inOrg, enterprise: org, user: by('E0EVIL') },
    [false, false, false, false],
  ],
  [
    'Grid, the stranger’s own workspace under our organisation',
    { team: { id: 'T0EVIL' }, enterprise: org, user: by('T0EVIL') },
    [false, false, false, false],
  ],
  [
    'Grid, two organisations',
    { team: inOrg, enterprise: { id: 'E0EVIL' }, user: by('E0EVIL') },
    [false, false, false, false],
  ],
  [
    'org-wide app, our person by the organisation',
    { team: null, enterprise: org, user: by('E0ORG') },
    [false, true, false, true],
  ],
  [
    'org-wide app, a person whose team is a sister',
    { team: null, enterprise: org, user: by('T0SISTER') },
    [false, false, false, true],
  ],
  ['org-wide app, Connect stranger', { team: null, enterprise: org, user: by('T0EVIL') }, [false, false, false, false]],
];

const hostile: Row[] = [
  [
    'an enterprise that is no text',
    { team: inOrg, enterprise: { id: ['E0ORG'] }, user: by('T0EVIL') },
    [false, false, false, false],
  ],
  ['empty ids', { team_id: '', enterprise_id: '', user_id: 'U0BOB' }, [false, false, false, false]],
  ['a user that is a text', { team: workspace, enterprise: null, user: 'U0BOB' }, [true, false, true, false]],
];

it.each([
  ...commands.map(([what, ...rest]) => [`a command from ${what}`, ...rest] as const),
  ...interactions.map(([what, ...rest]) => [`a click or a form: ${what}`, ...rest] as const),
  ...hostile.map(([what, ...rest]) => [`hostile: ${what}`, ...rest] as const),
])('%s', (_, sender, verdicts) => {
  expect([ofWorkspace, ofOrg, withSister, orgWithSister].map((ours) => judgeTeam(sender, ours).ok)).toEqual(verdicts);
});

it('says which workspace would have to be named', () => {
  expect(judgeTeam({ team: inOrg, enterprise: org, user: by('T0SISTER') }, ofOrg)).toEqual({
    ok: false,
    because: 'Its person is of the workspace T0SISTER, which slack.team and slack.workspaces do not name.',
  });
});
