import * as z from 'zod/mini';

/** A domain event's type: its name on the bus (`detail-type`) and the schema of its detail. */
export type EventType<N extends string = string, S extends z.ZodMiniType = z.ZodMiniType> = { name: N; schema: S };

export const defineEvent = <N extends string, S extends z.ZodMiniType>(name: N, schema: S): EventType<N, S> => ({
  name,
  schema,
});

/** Every detail carries these: an id that is the same when the event is published again, and when it happened (ISO 8601). */
const envelope = { eventId: z.string(), at: z.string() };

/** The detail of every event about a request or its grant. `by` is a person's id, absent where no person did it. */
export const aboutRequest = z.object({
  ...envelope,
  requestId: z.string(),
  version: z.number(),
  personId: z.string(),
  entitlementId: z.string(),
  accountId: z.string(),
  roleName: z.string(),
  by: z.optional(z.string()),
});

/** The detail of every event about an alert. */
export const aboutAlert = z.object({
  ...envelope,
  alertId: z.string(),
  version: z.number(),
  detection: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  by: z.optional(z.string()),
});

/** The detail of `action.refused`: somebody clicked and nothing was done; they are told, nobody else. */
export const aboutClick = z.object({
  ...envelope,
  subject: z.string(),
  slackUserId: z.string(),
  channelId: z.string(),
  message: z.string(),
  next: z.string(),
});

/** The detail of the events about a program's login. */
export const aboutLogin = z.object({ ...envelope, loginId: z.string(), personId: z.string() });

/** The detail of every event about a lockdown. `subject`: `person alice`, `role 222222222222/daypass-jit-orders-admin`. */
export const aboutLockdown = z.object({
  ...envelope,
  lockdownId: z.string(),
  version: z.number(),
  subject: z.string(),
  by: z.optional(z.string()),
});

export type RequestDetail = z.infer<typeof aboutRequest>;
export type AlertDetail = z.infer<typeof aboutAlert>;
export type LockdownDetail = z.infer<typeof aboutLockdown>;
