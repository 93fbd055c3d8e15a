import type * as z from 'zod/mini';
import { actionRefused } from './action-refused.ts';
import { alertAnswered } from './alert-answered.ts';
import { alertClosed } from './alert-closed.ts';
import { alertRaised } from './alert-raised.ts';
import { alertRepeated } from './alert-repeated.ts';
import type { EventType } from './define.ts';
import { extensionAsked } from './extension-asked.ts';
import { extensionDenied } from './extension-denied.ts';
import { grantActivated } from './grant-activated.ts';
import { grantEnded } from './grant-ended.ts';
import { grantEnding } from './grant-ending.ts';
import { grantExtended } from './grant-extended.ts';
import { grantInterrupted } from './grant-interrupted.ts';
import { lockdownBegun } from './lockdown-begun.ts';
import { lockdownFinished } from './lockdown-finished.ts';
import { lockdownLifted } from './lockdown-lifted.ts';
import { lockdownProgressed } from './lockdown-progressed.ts';
import { loginConfirmed } from './login-confirmed.ts';
import { requestApproved } from './request-approved.ts';
import { requestCancelled } from './request-cancelled.ts';
import { requestDenied } from './request-denied.ts';
import { requestLapsed } from './request-lapsed.ts';
import { requestRefused } from './request-refused.ts';
import { requestSubmitted } from './request-submitted.ts';
import { revocationFailed } from './revocation-failed.ts';
import { sessionChained } from './session-chained.ts';
import { sessionMinted } from './session-minted.ts';
import { voteCast } from './vote-cast.ts';

/** Every domain event there is. Source on the bus: `daypass`. */
export const eventTypes = [
  requestSubmitted,
  requestRefused,
  requestApproved,
  requestDenied,
  requestCancelled,
  requestLapsed,
  voteCast,
  grantActivated,
  extensionAsked,
  extensionDenied,
  grantExtended,
  sessionMinted,
  sessionChained,
  grantInterrupted,
  grantEnding,
  grantEnded,
  revocationFailed,
  actionRefused,
  loginConfirmed,
  alertRaised,
  alertRepeated,
  alertAnswered,
  alertClosed,
  lockdownBegun,
  lockdownProgressed,
  lockdownFinished,
  lockdownLifted,
] as const;

type EventOf<T> = T extends EventType<infer N, infer S> ? { name: N; detail: z.infer<S> } : never;
export type DomainEvent = EventOf<(typeof eventTypes)[number]>;

export type EventName = DomainEvent['name'];
export type DetailOf<N extends EventName> = Extract<DomainEvent, { name: N }>['detail'];

/** The event with its detail checked. Throws a ZodError naming what is wrong; undefined for a name that is not ours. */
export const parseEvent = (name: string, detail: unknown): DomainEvent | undefined => {
  const type = eventTypes.find((candidate) => candidate.name === name);
  return type && ({ name: type.name, detail: type.schema.parse(detail) } as DomainEvent);
};
