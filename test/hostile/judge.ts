import type { Alert } from '#core/alert/alert.ts';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import type { Login } from '#core/login/login.ts';
import type { AuditEntry } from '#core/request/audit.ts';
import type { AccessRequest, Vote } from '#core/request/request.ts';
import type { DomainEvent } from '#events/events.ts';
import type { Sent } from './cases.ts';
import { type Items, policy } from './stage.ts';

type Item = Record<string, unknown> | undefined;
type Seen = { key: string; before: Item; after: Item };

/** The items that are not as they were. */
export const changesIn = (before: Items, after: Items): Seen[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key)?.text !== after.get(key)?.text)
    .map((key) => ({ key, before: before.get(key)?.item, after: after.get(key)?.item }));

const leads = ['bob', 'carol'];
/** Who may approve: none of the sample's rules lets its own requester. */
const approvers: Readonly<Record<string, readonly string[]>> = { 'orders-admin': leads, 'payments-admin': leads };

const names = (texts: readonly string[], id: string): boolean => texts.some((text) => text.toUpperCase().includes(id));
const lettersOf = (text: string): string => text.toUpperCase().replace(/[^A-Z]/g, '');

/** What is wrong with a change of one item that this sender caused; undefined where it had the right to it. */
export const wrongIn = ({ key, before, after }: Seen, sent: Sent): string | undefined => {
  const [kind = '', id = ''] = key.split(' ')[0]?.split('#') ?? [];
  // An answer to a signed request that is kept, and what is counted.
  if (kind === 'REPLY') return undefined;
  if (sent.powerless) return 'changed by somebody who may nothing';
  switch (kind) {
    case 'LIMIT':
    case 'OUTBOX':
      return undefined;
    case 'POSTING':
      return sent.actor === undefined ? 'learned from nobody' : undefined;
    case 'REQUEST':
      return key.includes(' AUDIT#')
        ? wrongEntry(before, after, sent)
        : wrongRequest(before?.state as AccessRequest | undefined, after?.state as AccessRequest | undefined, sent);
    case 'SESSION':
    case 'KEY':
      return sent.to === 'mint' ? undefined : 'a session without a call for credentials';
    case 'ALERT':
      return names(sent.texts, id.toUpperCase()) ? wrongAlert(after?.state as Alert, sent) : 'another alert';
    case 'LOCKDOWN':
      return key.endsWith('STATE') ? wrongLockdown(after?.state as Lockdown, sent) : undefined;
    case 'LOGIN':
      if (key.startsWith('LOGIN#OF#')) return wrongLoginOf(after, sent);
      return key.endsWith('POLL') ? undefined : wrongLogin(before, after, sent);
    case 'USERCODE':
    case 'DEVICE':
    case 'PENDING':
    case 'TOKEN':
      return sent.to === 'api' && /device/.test(sent.name) ? undefined : 'a login from nowhere';
    default:
      return `${key}, which nobody may change`;
  }
};

const wrongEntry = (before: Item, after: Item, { actor }: Sent): string | undefined => {
  const { actor: by } = (after?.entry ?? {}) as Partial<AuditEntry>;
  if (before) return 'an audit entry was changed';
  return by === actor ? undefined : `an audit entry in the name of ${by}`;
};

const wrongRequest = (
  before: AccessRequest | undefined,
  after: AccessRequest | undefined,
  sent: Sent,
): string | undefined => {
  const { actor, texts } = sent;
  if (!after || actor === undefined) return 'a request changed by nobody';
  const { personId, entitlementId, status } = after;
  if (!before) {
    if (personId !== actor) return `a request in the name of ${personId}`;
    const allowed = status === 'refused' || (actor !== 'dave' && status !== 'active');
    const early = status === 'approved' && entitlementId !== 'orders-read';
    return allowed && !early ? undefined : `a new request that is ${status}`;
  }
  // `/access done` may leave it out where somebody has one only.
  if (!names(texts, after.id) && personId !== actor) return 'another request than the one that was named';
  const may = approvers[entitlementId] ?? [];
  const fresh = [...votesIn(after)].filter(([key]) => !votesIn(before).has(key)).map(([, vote]) => vote);
  if (fresh.some((vote) => vote.personId !== actor || !may.includes(actor) || actor === personId))
    return 'a vote that may not be';
  if (status === before.status) return wrongWithin(before, after, sent);
  if (status === 'approved' || status === 'denied') return fresh.length > 0 ? undefined : `${status} without a vote`;
  if (status === 'cancelled') return actor === personId ? undefined : 'cancelled by another';
  if (status === 'ending') return [personId, ...leads].includes(actor) ? undefined : 'ended by another';
  return `moved from ${before.status} to ${status}`;
};

/** A request that stays what it is: more time asked or answered, or a session minted. */
const wrongWithin = (before: AccessRequest, after: AccessRequest, { actor, to }: Sent): string | undefined => {
  const more = (after.extensions?.length ?? 0) - (before.extensions?.length ?? 0);
  if (more > 0 && actor !== after.personId) return 'more time asked for by another';
  const minted = JSON.stringify(after.minted) !== JSON.stringify(before.minted);
  return minted && !(to === 'mint' && actor === after.personId) ? 'minted by another' : undefined;
};

const votesIn = (request: AccessRequest): Map<string, Vote> =>
  new Map(
    [{ id: '', votes: request.votes }, ...(request.extensions ?? [])].flatMap(({ id, votes }) =>
      votes.map((vote) => [`${id} ${vote.personId} ${vote.verdict}`, vote] as const),
    ),
  );

const wrongAlert = (after: Alert | undefined, { actor }: Sent): string | undefined => {
  if (!after || after.status === 'open') return 'an alert changed without an answer';
  const { action, by } = after.answer;
  if (by !== actor) return `an alert answered in the name of ${by}`;
  const may = action === 'revoke' ? ['alice', ...leads] : leads;
  return action !== 'unanswered' && may.includes(by ?? '') ? undefined : `${action} by ${by}`;
};

const wrongLockdown = (after: Lockdown | undefined, { actor, name, texts }: Sent): string | undefined => {
  if (!after) return 'a lockdown was taken away';
  const { scope, begunBy } = after;
  const known = {
    person: () => scope.kind === 'person' && policy.people.some(({ id }) => id === scope.personId),
    account: () => scope.kind === 'account' && policy.accounts.some(({ id }) => id === scope.accountId),
    role: () =>
      scope.kind === 'role' &&
      policy.entitlements.some((each) => each.roleName === scope.roleName && each.accountId === scope.accountId),
  }[scope.kind];
  if (!known?.()) return `a lockdown of ${JSON.stringify(scope)}, which is nothing`;
  if (name.startsWith('event')) {
    const person = policy.people.find((each) => scope.kind === 'person' && each.id === scope.personId);
    return begunBy === 'daypass' && person?.slackUserIds.some((id) => texts.includes(id))
      ? undefined
      : 'another person was hit';
  }
  return leads.includes(actor ?? '') ? undefined : `a lockdown by ${actor}`;
};

/** Which logins a person confirmed, for the lift to find them: written with the confirmation, by that person. */
const wrongLoginOf = (after: Item, { actor, name }: Sent): string | undefined => {
  if (!after) return 'a confirmed login was forgotten';
  return after.pk === `LOGIN#OF#${actor}` && name === 'click login.confirm' ? undefined : 'a login of somebody else';
};

const wrongLogin = (before: Item, after: Item, { actor, texts, to, name }: Sent): string | undefined => {
  const [was, is] = [before?.login as Login | undefined, after?.login as Login | undefined];
  if (!is) return 'a login was taken away';
  if (!was) return is.status === 'waiting' ? undefined : `a new login that is ${is.status}`;
  if (to === 'api') {
    const fetched = is.status === 'active' && was.status === 'confirmed' && /device\/token/.test(name);
    const ended = is.status === 'revoked' && /device\/revoke/.test(name);
    return fetched || ended ? undefined : `a login became ${is.status}`;
  }
  const named = names(texts, is.id) || texts.some((text) => lettersOf(text).includes(lettersOf(is.userCode)));
  if (!named) return 'another login than the one that was named';
  if ('personId' in is && is.personId !== actor) return `a login in the name of ${is.personId}`;
  return 'personId' in was && was.personId !== actor ? 'a login of somebody else' : undefined;
};

/** What is wrong with what was published: a click is answered to who clicked, and to nobody else. */
export const wrongEvent = (event: DomainEvent, { powerless, texts }: Sent): string | undefined => {
  if (event.name !== 'action.refused') return powerless ? `${event.name} by somebody who may nothing` : undefined;
  return texts.includes(event.detail.slackUserId) ? undefined : 'somebody else was told';
};
