import * as z from 'zod/mini';
import { requestView } from '#core/api/views.ts';
import { parseDuration } from '#core/duration.ts';
import { askable } from '#core/policy/decide.ts';
import type { Outcome } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { type Answer, ok, problem, refused, refusedAbout } from '#functions/http/answer.ts';
import { parseBody } from '#functions/http/body.ts';
import { askExtension } from '#usecases/ask/ask-extension.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { listRequests } from '#usecases/ask/list-requests.ts';
import { readRequest } from '#usecases/ask/read-request.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { requestIdFor } from './idempotency.ts';
import type { ApiPorts, PersonalRun } from './route.ts';

const shown = async (outcome: Outcome<AccessRequest>, ports: ApiPorts): Promise<Answer> =>
  outcome.ok ? ok(requestView(await ports.policy.current(), outcome.value)) : refusedAbout(outcome.refusal);

const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));

const notADuration = (text: string): Answer =>
  problem(400, 'invalid-input', `${text} is not a duration.`, 'Write it like 20s, 30m or 1h30m.');

const submitBody = z.strictObject({
  entitlement: text(200),
  duration: z.optional(text(40)),
  reason: z.string(),
  ticket: z.optional(text(100)),
});

/** Asks. The same `Idempotency-Key` of the same person is the same request, however often it is sent. */
export const submit: PersonalRun = async ({ event, person }, ports) => {
  const body = parseBody(event, 'json', submitBody);
  if (!body.ok) return body.problem;
  const { entitlement: entitlementId, duration, reason, ticket } = body.value;
  const policy = await ports.policy.current();
  const entitlement = askable(policy, person.id).find((candidate) => candidate.id === entitlementId);
  const durationSec = duration === undefined ? (entitlement?.defaultDurationSec ?? 1) : parseDuration(duration);
  if (durationSec === undefined) return notADuration(duration ?? '');
  const ask = { personId: person.id, entitlementId, durationSec, reason, ...(ticket !== undefined && { ticket }) };
  const key = await requestIdFor(event.headers['idempotency-key'], ask, ports);
  if (!key.ok) return key.problem;
  const outcome = await submitRequest({ requestId: key.requestId, ...ask }, ports);
  if (!outcome.ok) return refused(outcome.refusal);
  const headers = { location: `/v1/requests/${outcome.value.id}` };
  return { status: 201, body: requestView(policy, outcome.value), headers };
};

export const list: PersonalRun = async ({ person }, ports) => {
  const [policy, { mine, waitingForMe, moreWait, extensionsForMe }] = await Promise.all([
    ports.policy.current(),
    listRequests({ personId: person.id }, ports),
  ]);
  const view = (request: AccessRequest) => requestView(policy, request);
  return ok({
    mine: mine.map(view),
    waitingForMe: waitingForMe.map(view),
    ...(moreWait && { moreWait }),
    extensionsForMe: extensionsForMe.map(view),
  });
};

export const read: PersonalRun = async ({ person, id }, ports) =>
  shown(await readRequest({ requestId: id, personId: person.id }, ports), ports);

const extendBody = z.strictObject({ duration: text(40), reason: z.string() });

/**
 * Asks for so much more time. The same `Idempotency-Key` of the same person is the same extension, however often it is
 * sent.
 */
export const extend: PersonalRun = async ({ event, person, id }, ports) => {
  const body = parseBody(event, 'json', extendBody);
  if (!body.ok) return body.problem;
  const { duration, reason } = body.value;
  const bySec = parseDuration(duration);
  if (bySec === undefined) return notADuration(duration);
  const order = { requestId: id, personId: person.id, bySec, reason };
  const key = await requestIdFor(event.headers['idempotency-key'], order, ports);
  if (!key.ok) return key.problem;
  return shown(await askExtension({ extensionId: key.requestId, ...order }, ports), ports);
};

export const end: PersonalRun = async ({ person, id }, ports) =>
  shown(await endGrant({ requestId: id, personId: person.id, reason: 'done' }, ports), ports);

export const cancel: PersonalRun = async ({ person, id }, ports) =>
  shown(await cancelRequest({ requestId: id, personId: person.id }, ports), ports);
