import type { App } from '@slack/bolt';
import { personBySlack } from '#core/policy/people.ts';
import { accountEvent } from '#slack/scopes.ts';
import { type SlackUser, whyNoMember } from '#slack/standing.ts';
import { lockNoMember } from '#usecases/lockdown/lock-no-member.ts';
import type { SlackPorts } from '../ports.ts';
import { derivedUlid } from './derived-id.ts';

/**
 * Somebody was deactivated, or made a guest: what they have ends, and they are locked down. Slack sends an event again
 * until it was taken, with the same id, which is the same lockdown.
 */
export const listenForAccounts = (app: App, ports: SlackPorts): void => {
  app.event(accountEvent, async ({ event, body }) => {
    const user = event.user as SlackUser;
    const because = whyNoMember(user);
    if (because === undefined || typeof user.id !== 'string') return;
    const policy = await ports.policy.current();
    const person = personBySlack(policy, policy.slack.teamId, user.id);
    if (!person) return;
    const atMs = body.event_time * 1000;
    const lockdownId = derivedUlid(atMs, JSON.stringify([accountEvent, body.event_id]));
    await lockNoMember({ lockdownId, person, slackUserId: user.id, because }, ports);
  });
};
