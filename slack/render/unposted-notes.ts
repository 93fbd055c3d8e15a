import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { anyOf } from './people.ts';
import { whatFor } from './request-words.ts';
import { context, section } from './text.ts';

/** To the one who asked, where Slack does not take the card of the request. */
export const unpostedNote = (policy: Policy, request: AccessRequest): SlackMessage => {
  const approvers =
    request.decision.verdict === 'needs-approval' ? anyOf(policy, request.decision.approvers) : undefined;
  const channel = `<#${policy.slack.cardsChannel}>`;
  return {
    text: 'Nobody sees your request yet: its card could not be posted.',
    blocks: [
      section(
        `⚠️ *Nobody sees your request yet*\nThe card of ${whatFor(policy, request)} could not be posted in ${channel}: ` +
          'the channel is gone or archived, or the app is not in it.',
      ),
      section(
        `Daypass goes on trying for a day. Until then ask one of the approvers (${approvers ?? 'nobody can approve'}) ` +
          'to type `/access list`: it can be answered there.',
      ),
      context(`Request \`${request.id}\``),
    ],
  };
};

/** To those who look after alerts. */
export const channelLostNote = (channel: string): SlackMessage => ({
  text: `Daypass cannot post in ${channel}: nobody sees what waits there.`,
  blocks: [
    section(
      `⚠️ *Daypass cannot post in <#${channel}>* (${channel})\nIt is gone or archived, or the app is not in it. ` +
        'What is waiting is posted when it takes messages again; until then approvers answer from `/access list`.',
    ),
    section('Unarchive it, or invite the app with `/invite @daypass`, or name another channel in access.yaml.'),
  ],
});
