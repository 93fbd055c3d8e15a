import * as z from 'zod/mini';

/**
 * Every detail carries these: an id that is the same when the event is published again, and when it happened (ISO
 * 8601).
 */
const envelope = { eventId: z.string(), at: z.string() };

/** Of every event about a request or its grant. `by` is a person's id, absent where no person did it. */
const request = {
  ...envelope,
  requestId: z.string(),
  version: z.number(),
  personId: z.string(),
  entitlementId: z.string(),
  accountId: z.string(),
  roleName: z.string(),
  by: z.optional(z.string()),
};
const aboutRequest = z.object(request);

/** `extensionId`: absent in events that were saved before it was told, and where a vote is on the request itself. */
const aboutExtension = z.object({ ...request, extensionId: z.optional(z.string()) });

const aboutAlert = z.object({
  ...envelope,
  alertId: z.string(),
  version: z.number(),
  detection: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  by: z.optional(z.string()),
});

/** `subject`: `person alice`, `role 222222222222/daypass-jit-orders-admin`. */
const aboutLockdown = z.object({
  ...envelope,
  lockdownId: z.string(),
  version: z.number(),
  subject: z.string(),
  by: z.optional(z.string()),
});

const aboutClick = z.object({
  ...envelope,
  subject: z.string(),
  slackUserId: z.string(),
  channelId: z.string(),
  message: z.string(),
  next: z.string(),
});

const aboutLogin = z.object({ ...envelope, loginId: z.string(), personId: z.string() });

/**
 * Every domain event there is: its name on the bus (`detail-type`; the source is `daypass`) and the schema of its
 * detail.
 */
export const events = {
  /** A request was saved that is allowed, or waits for approval. */
  'request.submitted': aboutRequest,
  /** The policy refused a request, when it was asked for or when the decision was made again. */
  'request.refused': aboutRequest,
  /** The last vote that was needed is in. */
  'request.approved': aboutRequest,
  /** An approver denied it. */
  'request.denied': aboutRequest,
  /** The requester took it back. */
  'request.cancelled': aboutRequest,
  /** Nobody answered in time. */
  'request.lapsed': aboutRequest,
  /** One approver voted, on a request or on an extension, and more votes are needed. */
  'vote.cast': aboutExtension,
  /** Approvals of somebody who was locked down no longer count: fresh votes may be needed. */
  'votes.struck': aboutRequest,

  /** The grant's window has begun. */
  'grant.activated': aboutRequest,
  /** Somebody asked for more time for their live grant, and approvers have to answer. */
  'extension.asked': aboutExtension,
  /** An approver denied more time; the grant goes on to the end it has. */
  'extension.denied': aboutExtension,
  /** The end of the grant's window was put off. */
  'grant.extended': aboutExtension,
  /** Credentials were handed out under the grant. */
  'session.minted': aboutRequest,
  /** A session of the grant went on to another role: `accountId` and `roleName` are that role's. */
  'session.chained': aboutRequest,
  /** Live sessions of the grant were denied with everybody's on the role. The grant goes on: new credentials work. */
  'grant.interrupted': aboutRequest,
  /** The grant stopped minting; its sessions are being revoked. */
  'grant.ending': aboutRequest,
  /** The grant's sessions are dead, and that was verified. */
  'grant.ended': aboutRequest,
  /** The deny could not be put in force; the sweeper goes on trying. */
  'grant.revocation-failed': aboutRequest,

  /** Somebody clicked and nothing was done; they are told, nobody else. */
  'action.refused': aboutClick,
  /** A person confirmed a program's login. */
  'login.confirmed': aboutLogin,

  /** Something that no approved grant explains was seen for the first time. */
  'alert.raised': aboutAlert,
  /** It was seen again. */
  'alert.repeated': aboutAlert,
  /** Somebody, or the policy, answered: revoke or expected. */
  'alert.answered': aboutAlert,
  /** What the answer asked for was done, or nothing more is to be done. */
  'alert.closed': aboutAlert,

  /** Somebody locked a person, a role or an account down: nothing begins under it from here on. */
  'lockdown.begun': aboutLockdown,
  /** Some of what a lockdown covers has ended. */
  'lockdown.progressed': aboutLockdown,
  /** Nothing more was found under a lockdown; what could not be ended is named. Again, where that changes. */
  'lockdown.finished': aboutLockdown,
  /** People lifted a lockdown: what it covered may be asked for again. */
  'lockdown.lifted': aboutLockdown,
} as const;

export type EventName = keyof typeof events;
export type DetailOf<N extends EventName> = z.infer<(typeof events)[N]>;
export type DomainEvent = { [N in EventName]: { name: N; detail: DetailOf<N> } }[EventName];

/** Those whose detail has a member of that name. */
type EventWith<K extends string, E = DomainEvent> = E extends { detail: infer D }
  ? K extends keyof D
    ? E
    : never
  : never;
export type RequestEvent = EventWith<'requestId'>;
/** Those of them that are about an extension, and `vote.cast`, which may be. */
export type ExtensionEvent = EventWith<'extensionId'>;
export type AlertEvent = EventWith<'alertId'>;
export type LockdownEvent = EventWith<'lockdownId'>;

/** Whether it is about such a thing: a request, an alert, … */
export const isWith = <K extends 'requestId' | 'alertId' | 'lockdownId' | 'loginId'>(
  id: K,
  event: DomainEvent,
): event is EventWith<K> => id in event.detail;

export type RequestDetail = ExtensionEvent['detail'];
export type AlertDetail = AlertEvent['detail'];
export type LockdownDetail = LockdownEvent['detail'];

const isOurs = (name: string): name is EventName => Object.hasOwn(events, name);

/** The event with its detail checked. Throws a ZodError naming what is wrong; undefined for a name that is not ours. */
export const parseEvent = (name: string, detail: unknown): DomainEvent | undefined =>
  isOurs(name) ? ({ name, detail: events[name].parse(detail) } as DomainEvent) : undefined;
