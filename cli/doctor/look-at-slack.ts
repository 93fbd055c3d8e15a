import type { Policy } from '#core/policy/policy.ts';
import { judgeClock } from './checks/clock.ts';
import { judgeChannel, judgeScopes, judgeSignature, judgeToken } from './checks/slack.ts';
import { signatureFacts } from './facts/http.ts';
import { channelFacts, slackCaller } from './facts/slack.ts';
import type { Installation } from './installation.ts';
import { type Check, check, warning } from './report.ts';
import type { Secret, SlackSecrets } from './slack-secrets.ts';

const absent = (what: string, variable: string, { from }: Secret) =>
  warning(
    `Not looked at: there is no ${what} in ${variable} or ${from}.`,
    `Set ${variable}, or put it where the functions read it.`,
  );

const tokenChecks = ({ slackApi, clock }: Installation, botToken: Secret, policy: Policy | undefined): Check[] => {
  const { value, from } = botToken;
  if (value === undefined) {
    return [check('slack', 'token', async () => absent('bot token', 'SLACK_BOT_TOKEN', botToken))];
  }
  const call = slackCaller(slackApi, value, clock.nowMs);
  const token: Check = {
    area: 'slack',
    title: 'token',
    look: async (signal) => {
      const answer = await call('auth.test', {}, signal);
      const judged = judgeToken(answer, from, policy?.slack.teamId);
      // A token that does not work can do nothing, and there is no need to say so twice.
      const scopes = answer.ok ? [{ area: 'slack' as const, title: 'scopes', ...judgeScopes(answer.scopes) }] : [];
      const channels = answer.ok && policy ? await channelLines(policy, signal) : [];
      return [
        { area: 'slack', title: 'token', ...judged },
        ...scopes,
        ...channels,
        { area: 'clock', title: 'Slack', ...judgeClock('Slack', answer) },
      ];
    },
  };
  const channelLines = async ({ slack }: Policy, signal: AbortSignal) =>
    Promise.all(
      (
        [
          ['slack.cards', slack.cardsChannel],
          ['slack.alerts', slack.alertsChannel],
        ] as const
      ).map(async ([key, id]) => ({
        area: 'slack' as const,
        title: `${key.slice('slack.'.length)} channel`,
        ...judgeChannel(id, key, await channelFacts(call, id, signal)),
      })),
    );
  return [token];
};

const secretCheck = ({ api, clock }: Installation, secret: Secret): Check => {
  const { value, from } = secret;
  return check('slack', 'signing secret', async (signal) => {
    if (value === undefined) return absent('signing secret', 'SLACK_SIGNING_SECRET', secret);
    if (api === undefined)
      return warning('Not looked at: nobody said where Daypass is.', 'Set DAYPASS_API, or pass --api URL.');
    return judgeSignature(await signatureFacts(api, value, signal, clock.nowMs), from);
  });
};

/** Slack as far as it can be seen with these secrets. */
export const slackChecks = (
  installation: Installation,
  { botToken, signingSecret }: SlackSecrets,
  policy: Policy | undefined,
): Check[] => [...tokenChecks(installation, botToken, policy), secretCheck(installation, signingSecret)];
