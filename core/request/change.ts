import type { Session } from '#core/grant/session.ts';
import type { Count } from '#core/limits.ts';
import type { DomainEvent, ExtensionEvent, RequestEvent } from '#events/events.ts';
import type { AuditEntry } from './audit.ts';
import { chain } from './audit-chain.ts';
import { canMove } from './moves.ts';
import type { AccessRequest, RequestFacts } from './request.ts';

/** A change as the store saves it: the new state with its audit entry and the events it causes. */
export type Change<R extends AccessRequest = AccessRequest> = {
  request: R;
  audit: AuditEntry;
  events: readonly DomainEvent[];
  /** Those of its sessions that it is about, as they are now. */
  sessions?: readonly Session[];
  /** What it is one more of. */
  counts?: readonly Count[];
};

/** Those that say nothing of an extension, and the one that need not. */
type OtherEventName = Exclude<RequestEvent['name'], Exclude<ExtensionEvent['name'], 'vote.cast'>>;

/** `name`: what happened; where it is an event's name, that event is published. */
export type Fact = (
  | { name: ExtensionEvent['name']; extensionId: string }
  | { name: OtherEventName | 'session.intended'; extensionId?: never }
) & {
  at: string;
  /** A person's id; absent where no person did it. */
  by?: string;
  detail?: Readonly<Record<string, unknown>>;
};

const published = (name: Fact['name']): name is RequestEvent['name'] => name !== 'session.intended';

type MemberOf<R> = R extends unknown ? keyof R : never;

/** Every member that not all statuses have. The compiler demands each that is added, and takes no other. */
const ofOneStatus: Readonly<Record<Exclude<MemberOf<AccessRequest>, keyof RequestFacts>, true>> = {
  status: true,
  closedAt: true,
  lockdownId: true,
  approvedAt: true,
  deniedBy: true,
  deniedReason: true,
  grant: true,
  interrupted: true,
  end: true,
  failure: true,
  verifiedAt: true,
  how: true,
  chained: true,
};

/** The state without what belongs to a single status: everything else is kept, whatever there is. */
export const factsOf = (request: AccessRequest): RequestFacts => {
  const kept = Object.entries(request).filter(([member]) => !(member in ofOneStatus));
  return Object.fromEntries(kept) as RequestFacts;
};

/**
 * The next version of `before` (nothing, for the first) with `next` as its state and `fact` as what happened.
 * Throws a TypeError where the status cannot move so: that is a mistake in the code, not in the input.
 */
export const changed = <R extends AccessRequest>(before: AccessRequest | undefined, next: R, fact: Fact): Change<R> => {
  if (before && before.status !== next.status && !canMove(before.status, next.status)) {
    throw new TypeError(`Request ${before.id} cannot move from ${before.status} to ${next.status}.`);
  }
  const version = (before?.version ?? 0) + 1;
  const audit = chain(before?.auditHead ?? '', {
    requestId: next.id,
    seq: version,
    at: fact.at,
    actor: fact.by ?? 'daypass',
    fact: fact.name,
    detail: { status: next.status, ...fact.detail },
  });
  const request = { ...next, version, auditHead: audit.hash };
  const events: DomainEvent[] = published(fact.name)
    ? [
        {
          name: fact.name,
          detail: {
            eventId: `${next.id}.${version}`,
            at: fact.at,
            requestId: next.id,
            version,
            personId: next.personId,
            entitlementId: next.entitlementId,
            accountId: next.accountId,
            roleName: next.roleName,
            ...(fact.by !== undefined && { by: fact.by }),
            ...(fact.extensionId !== undefined && { extensionId: fact.extensionId }),
          },
        },
      ]
    : [];
  return { request, audit, events };
};
