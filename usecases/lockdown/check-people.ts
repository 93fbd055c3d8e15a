import type { Chat } from '#ports/chat.ts';
import type { Ports } from '#ports/ports.ts';
import { lockNoMember } from './lock-no-member.ts';

export type CheckPorts = Pick<Ports, 'clock' | 'ids' | 'log' | 'policy' | 'lockdowns' | 'outbox'> & {
  chat: Pick<Chat<never>, 'standingOf'>;
};

/** It runs every five minutes, at whatever moment. */
const turnMs = 300_000;

/** Slack takes `users.info` a hundred times in a minute: https://docs.slack.dev/apis/web-api/rate-limits (tier 4). */
const mostInATurn = 100;

/**
 * Asks Slack about the accounts of the policy, a hundred at a time, and locks down whoever has one that is no member's:
 * so one whose event was lost is found within five minutes for each hundred accounts, whatever they do and wherever. An
 * account that Slack does not show is told in the log. Idempotent. Throws `SlackUnavailable` at the first account that
 * it does not answer about, since it would not about the others, and `StoreUnavailable`.
 */
export const checkPeople = async (ports: CheckPorts): Promise<void> => {
  const { people } = await ports.policy.current();
  const accounts = people.flatMap((person) => person.slackUserIds.map((slackUserId) => ({ person, slackUserId })));
  const turns = Math.ceil(accounts.length / mostInATurn);
  const turn = Math.floor(ports.clock.nowMs() / turnMs) % turns;
  const unseen: string[] = [];
  for (const { person, slackUserId } of accounts.filter((_, index) => index % turns === turn)) {
    const standing = await ports.chat.standingOf(slackUserId);
    if (standing.is === 'unknown') unseen.push(slackUserId);
    if (standing.is !== 'no-member') continue;
    const { because } = standing;
    await lockNoMember({ lockdownId: ports.ids.ulid(), person, slackUserId, because }, ports);
  }
  if (unseen.length > 0) ports.log.warn('Slack shows Daypass no account of these ids of the policy.', { unseen });
};
