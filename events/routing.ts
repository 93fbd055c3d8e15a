import type { AlertEvent, DetailOf, DomainEvent, EventName, LockdownEvent, RequestEvent } from './events.ts';

/*
 * What each event sets going. The rules of `events/rules` and the functions that they feed both read these tables, so
 * that a function never ignores what its rule sends, and no rule keeps back what its function waits for.
 */

/** What may be said of an event, by the member of its detail that tells what it is about. */
type ByName<T> = { [N in EventName]: T[keyof T & keyof DetailOf<N>] };

/** The workflow that an event starts. */
export const workflowOf = {
  'request.submitted': 'access-request',
  'alert.raised': 'alert-response',
  'lockdown.begun': 'lockdown',
} as const satisfies Partial<
  ByName<{ requestId: 'access-request'; alertId: 'alert-response'; lockdownId: 'lockdown' }>
>;

/** The gate that an event opens, if an execution waits at it. */
export const gateOf = {
  'request.approved': 'AwaitApproval',
  'request.denied': 'AwaitApproval',
  'request.cancelled': 'AwaitApproval',
  'request.refused': 'AwaitApproval',
  'grant.ending': 'AwaitEnd',
  'grant.extended': 'AwaitEnd',
  'alert.answered': 'AwaitAnswer',
} as const satisfies Partial<ByName<{ requestId: 'AwaitApproval' | 'AwaitEnd'; alertId: 'AwaitAnswer' }>>;

/** Events after which the chain of a grant's sessions is looked at: the grant may have ended already. */
export const chainOf = {
  'session.chained': 'follow',
} as const satisfies Partial<ByName<{ requestId: 'follow' }>>;

/**
 * `card`: what everybody sees. `extension`: the reply under it where approvers answer. The rest is for the requester:
 * `asked` while it waits, `live` while it can be used, `answered` once an extension was, `interrupted`, `closed`, and
 * `hit` where a lockdown ended it: one for everything of theirs that the lockdown ends.
 */
export type RequestNotice = 'card' | 'extension' | 'asked' | 'live' | 'answered' | 'interrupted' | 'closed' | 'hit';

/** `repeat`: a reply under the card. */
export type AlertNotice = 'card' | 'repeat';

/**
 * `progress`, `finish` and `lift` are replies under the card. `hit` tells the person who is locked down, `freed`
 * everybody who was told that a lockdown hit them.
 */
export type LockdownNotice = 'card' | 'progress' | 'finish' | 'lift' | 'hit' | 'freed';

/** What an event shows, in this order. Every event is here, and one that nobody is told of shows nothing. */
export const noticesOf = {
  'request.submitted': ['card', 'asked'],
  'request.refused': ['card', 'asked', 'closed', 'hit'],
  'request.approved': ['card', 'asked'],
  'request.denied': ['card', 'asked', 'closed'],
  'request.cancelled': ['card', 'asked'],
  'request.lapsed': ['card', 'asked', 'closed'],
  'vote.cast': ['card', 'extension', 'live', 'answered'],
  'votes.struck': ['card', 'asked', 'extension', 'live'],

  'grant.activated': ['card', 'live'],
  'extension.asked': ['card', 'extension', 'live', 'answered'],
  'extension.denied': ['card', 'extension', 'live', 'answered'],
  'grant.extended': ['card', 'extension', 'live', 'answered'],
  'session.minted': [],
  'session.chained': [],
  'grant.interrupted': ['card', 'interrupted'],
  'grant.ending': ['card', 'extension', 'live', 'answered', 'hit'],
  'grant.ended': ['card', 'extension', 'live', 'answered', 'closed', 'hit'],
  'grant.revocation-failed': ['card'],

  'action.refused': ['refusal'],
  'login.confirmed': ['login'],

  'alert.raised': ['card'],
  'alert.repeated': ['card', 'repeat'],
  'alert.answered': ['card'],
  'alert.closed': ['card'],

  'lockdown.begun': ['card', 'hit'],
  'lockdown.progressed': ['card', 'progress'],
  'lockdown.finished': ['card', 'finish'],
  'lockdown.lifted': ['card', 'lift', 'freed'],
} as const satisfies ByName<{
  requestId: readonly RequestNotice[];
  alertId: readonly AlertNotice[];
  lockdownId: readonly LockdownNotice[];
  /** To the one who clicked, alone. */
  slackUserId: readonly 'refusal'[];
  /** To the one whose program was let in. */
  loginId: readonly 'login'[];
}>;

const isIn = <T extends Partial<Record<EventName, unknown>>>(
  table: T,
  event: DomainEvent,
): event is Extract<DomainEvent, { name: keyof T }> => Object.hasOwn(table, event.name);

/** An execution has the name of what it is about. */
const executionOf = ({ detail }: RequestEvent | AlertEvent | LockdownEvent): string => {
  if ('requestId' in detail) return detail.requestId;
  return 'alertId' in detail ? detail.alertId : detail.lockdownId;
};

/** The workflow that is to be started, and the name of its execution. */
export const workflowToStart = (event: DomainEvent) =>
  isIn(workflowOf, event) ? { machine: workflowOf[event.name], name: executionOf(event) } : undefined;

/**
 * The gate that is to be opened, the name of the execution that may wait at it, and whether an approval is what it
 * waits for.
 */
export const gateToOpen = (event: DomainEvent) =>
  isIn(gateOf, event)
    ? { gate: gateOf[event.name], name: executionOf(event), approved: event.name === 'request.approved' }
    : undefined;

/** The grant whose chain is to be followed. */
export const chainToFollow = (event: DomainEvent) =>
  isIn(chainOf, event) ? { requestId: event.detail.requestId } : undefined;
