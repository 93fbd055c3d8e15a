import { commandName } from '#core/command-name.ts';
import { botScopes, methodsNeeding } from '#slack/scopes.ts';
import type { SignatureFacts } from '../facts/http.ts';
import type { ChannelFacts, SlackAnswer } from '../facts/slack.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

const appSettings = 'At https://api.slack.com/apps, under the app,';

/** Whether the token is our app's in the policy's workspace. `from` says where the token was taken from. */
export const judgeToken = (answer: SlackAnswer, from: string, teamId: string | undefined): Verdict => {
  const { ok: works, error, members } = answer;
  if (!works) {
    if (error.startsWith('http-')) {
      return failure(
        `What answers is no Slack (HTTP ${error.slice(5)}).`,
        'Check SLACK_API_URL, which is for a Slack other than slack.com.',
      );
    }
    return failure(
      `Slack refuses the bot token: ${error}.`,
      `${appSettings} OAuth & Permissions shows the Bot User OAuth Token: put it where it was taken from, ${from}.`,
    );
  }
  if (members.bot_id === undefined) {
    return failure('The token is a person’s, not a bot’s.', `Put the Bot User OAuth Token (xoxb-…) in ${from}.`);
  }
  // An organisation's id stands beside that of the workspace where the app was installed, or in its place.
  const ids = [members.team_id, ...(teamId?.startsWith('E') ? [members.enterprise_id] : [])];
  if (teamId !== undefined && !ids.includes(teamId)) {
    const of = members.enterprise_id === undefined ? '' : ` of the organisation ${String(members.enterprise_id)}`;
    return failure(
      `The token is of the workspace ${String(members.team_id)}${of}, and the access policy names ${teamId}.`,
      `Correct slack.team in the policy, or put the other workspace’s token in ${from}.`,
    );
  }
  return ok(`Works as @${String(members.user)} in ${String(members.team)}.`);
};

/** Whether the token may do what the code does, and no more. */
export const judgeScopes = (granted: readonly string[] | undefined): Verdict => {
  const todo = `${appSettings} paste \`${commandName} slack manifest\` under App Manifest and install the app again.`;
  if (granted === undefined)
    return warning(
      'Slack did not say what the token may do.',
      `Compare OAuth & Permissions of the app with \`${commandName} slack manifest\`.`,
    );
  const missing = botScopes.filter((scope) => !granted.includes(scope));
  if (missing.length > 0) {
    const without = missing.map((scope) => {
      const methods = methodsNeeding(scope);
      return methods.length === 0 ? scope : `${scope} (for ${methods.join(', ')})`;
    });
    return failure(`The token lacks ${without.join(', ')}.`, todo);
  }
  const needless = granted.filter((scope) => !botScopes.some((needed) => needed === scope));
  if (needless.length > 0)
    return warning(`The token may also ${needless.join(', ')}, which Daypass does not use.`, todo);
  return ok(`It has the ${botScopes.length} scopes that are used, and no other.`);
};

/** Whether the bot can post in a channel. */
export const judgeChannel = (id: string, key: string, facts: ChannelFacts): Verdict => {
  if (!facts.found) {
    return facts.error === 'channel_not_found'
      ? failure(
          `There is no channel ${id} that the bot can see.`,
          `Correct ${key} in the access policy; if the channel is private, invite the bot to it.`,
        )
      : failure(
          `Slack does not show the channel ${id}: ${facts.error}.`,
          'Look that up at https://docs.slack.dev/reference/methods/conversations.info',
        );
  }
  const { name, isArchived, isMember } = facts;
  if (isArchived)
    return failure(`#${name} is archived.`, `Unarchive it, or name another channel as ${key} in the access policy.`);
  if (!isMember)
    return failure(`The bot is not in #${name}.`, `In #${name} type /invite @daypass (or what the bot is called).`);
  return ok(`The bot is in #${name}.`);
};

/** Whether the ingress takes what is signed with our secret, and refuses what is not. */
export const judgeSignature = ({ signed, forged }: SignatureFacts, from: string): Verdict => {
  if (forged.status < 400) {
    return failure(
      `The ingress takes what nobody signed (HTTP ${forged.status}).`,
      'Take it off the network, and see what answers at that address.',
    );
  }
  if (signed.status === 200 && signed.echoed)
    return ok('The ingress takes what is signed with it, and refuses a forgery.');
  if (signed.status !== 401) {
    return failure(
      `The ingress answers HTTP ${signed.status} where Slack sends its requests.`,
      'Check the address of the API, and the log of daypass-slack-events.',
    );
  }
  if (/five minutes/.test(signed.body)) {
    return failure('The ingress thinks that the signature is not of now.', 'Set this machine’s clock by NTP.');
  }
  return failure(
    'The ingress refuses what is signed with the signing secret.',
    `${appSettings} Basic Information shows the Signing Secret: put it in ${from}, and where the functions read it.`,
  );
};
