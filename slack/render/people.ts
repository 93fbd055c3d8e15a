import { nameOf, personById } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { inert } from './text.ts';

/** A mention where the person has a Slack id, so that Slack shows the name they chose there; else the policy's name. */
export const mention = (policy: Policy, personId: string): string => {
  const slackUserId = personById(policy, personId)?.slackUserIds[0];
  return slackUserId === undefined ? nameIn(policy, personId) : `<@${slackUserId}>`;
};

/** The name as the policy has it, for notifications and screen readers. Escaped. */
export const nameIn = (policy: Policy, personId: string): string => inert(nameOf(policy, personId), 80);

/** A card that mentions fifty people is read by none of them. */
const mostMentions = 10;

/** `<@U0BOB> or <@U0CAROL>`; undefined for nobody. */
export const anyOf = (policy: Policy, personIds: readonly string[]): string | undefined => {
  const named = personIds.slice(0, mostMentions).map((id) => mention(policy, id));
  const more = personIds.length - named.length;
  if (more > 0) named.push(`${more} more`);
  const last = named.pop();
  return named.length === 0 ? last : `${named.join(', ')} or ${last}`;
};
