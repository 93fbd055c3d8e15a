import type { Authorize, AuthorizeResult, Context } from '@slack/bolt';
import { personBySlack } from '#core/policy/people.ts';
import type { Person, Policy } from '#core/policy/policy.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';

/** Who sent a signed request, as the policy in force knows them. */
export type Caller =
  | { kind: 'person'; person: Person; slackUserId: string; policy: Policy }
  | { kind: 'refused'; slackUserId: string; refusal: Refusal }
  | { kind: 'unknowable'; slackUserId: string; error: unknown };

/**
 * The parts of a payload that say which workspaces took part: slash commands carry `team_id`, interactions `team` and
 * `user`.
 */
type Sender = {
  team_id?: string;
  enterprise_id?: string;
  team?: { id?: string } | null;
  enterprise?: { id?: string } | null;
  user_id?: string;
  user?: { id?: string; team_id?: string } | string;
};

const userOf = (body: Sender): { id?: string; team_id?: string } => (typeof body.user === 'object' ? body.user : {});

/**
 * Every workspace a payload names must be ours: in a shared channel the clicker's may be another than the channel's.
 */
const isOurs = (policy: Policy, body: Sender): boolean => {
  const ours = policy.slack.teamId;
  const named = ours.startsWith('E')
    ? [body.enterprise_id, body.enterprise?.id]
    : [body.team_id, body.team?.id, userOf(body).team_id];
  const present = named.filter((id) => id !== undefined && id !== '');
  return present.length > 0 && present.every((id) => id === ours);
};

const recognise = (policy: Policy, body: Sender, slackUserId: string): Caller => {
  if (!isOurs(policy, body)) {
    const message = 'Daypass does not serve your Slack workspace.';
    const next = 'Ask somebody of the workspace that runs it.';
    return { kind: 'refused', slackUserId, refusal: { code: 'unknown-person', message, next } };
  }
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
    const slackUserId = body.user_id ?? userOf(body).id ?? source.userId ?? '';
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
