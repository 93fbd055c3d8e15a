import type { Authorize, AuthorizeResult, Context } from '@slack/bolt';
import { personBySlack } from '#core/policy/people.ts';
import type { Person, Policy } from '#core/policy/policy.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { judgeTeam, type Sender } from './sender-team.ts';

/** Who sent a signed request, as the policy in force knows them. */
export type Caller =
  | { kind: 'person'; person: Person; slackUserId: string; policy: Policy }
  /** `because`: more than a stranger is told, for the log. */
  | { kind: 'refused'; slackUserId: string; refusal: Refusal; because?: string }
  /** Slack itself tells of something, in our workspace. */
  | { kind: 'slack'; slackUserId: string }
  | { kind: 'unknowable'; slackUserId: string; error: unknown };

const userOf = (body: Sender): string | undefined => {
  const id = typeof body.user === 'object' ? body.user.id : body.user_id;
  return typeof id === 'string' ? id : undefined;
};

const recognise = (policy: Policy, body: Sender, slackUserId: string): Caller => {
  const team = judgeTeam(body, policy.slack);
  if (!team.ok) {
    const message = 'Daypass does not serve your Slack workspace.';
    const next = 'Ask somebody of the workspace that runs it.';
    const { because } = team;
    return { kind: 'refused', slackUserId, because, refusal: { code: 'unknown-person', message, next } };
  }
  if (body.type === 'event_callback') return { kind: 'slack', slackUserId };
  const person = personBySlack(policy, policy.slack.teamId, slackUserId);
  if (person) return { kind: 'person', person, slackUserId, policy };
  const message = 'You are not in the access policy, so you cannot ask for access or answer anybody.';
  const next = `Ask whoever keeps access.yaml to add your Slack id ${slackUserId} to its people.`;
  return { kind: 'refused', slackUserId, refusal: { code: 'unknown-person', message, next } };
};

/**
 * Bolt's `authorize`, by the policy alone: no token is looked up and Slack is not called. It never throws, since Bolt
 * answers a thrown refusal with silence; the gate in front of the listeners turns people away in words.
 */
export const authorizeBy =
  (ports: Pick<Ports, 'policy'>): Authorize<boolean> =>
  async (source, payload): Promise<AuthorizeResult> => {
    const body = (payload ?? {}) as Sender;
    const slackUserId = userOf(body) ?? source.userId ?? '';
    const caller = await ports.policy.current().then(
      (policy) => recognise(policy, body, slackUserId),
      (error: unknown): Caller => ({ kind: 'unknowable', slackUserId, error }),
    );
    return { caller };
  };

/** Behind the gate every caller is a person of the policy. */
export const callerOf = (context: Context): Extract<Caller, { kind: 'person' }> => {
  const caller = context.caller as Caller;
  if (caller.kind === 'person') return caller;
  throw new TypeError('A listener was reached by somebody whom the gate should have turned away.');
};
