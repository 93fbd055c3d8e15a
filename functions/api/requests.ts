import * as z from 'zod/mini';
import { type RequestView, requestView } from '#core/api/views.ts';
import { parseDuration } from '#core/duration.ts';
import { askable } from '#core/policy/decide.ts';
import type { Outcome } from '#core/refusal.ts';
import { isClosed } from '#core/request/moves.ts';
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
import { behind, fitting, nextOf, placeIn } from './pages.ts';
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

const place = z.strictObject({ mine: behind, waiting: behind, extensions: behind });

/** Page by page: `?next=` goes on where an answer's `next` says. One that is open may stand on two pages. */
export const list: PersonalRun = async ({ event, person }, ports) => {
  const from = placeIn(event, place);
  if (!from.ok) return from.problem;
  const [policy, listed] = await Promise.all([
    ports.policy.current(),
    listRequests({ personId: person.id, ...(from.value && { from: from.value }) }, ports),
  ]);
  const view = (request: AccessRequest): RequestView => requestView(policy, request);
  const views = listed.mine.map(view);
  const [open, rest] = [
    views.filter(({ status }) => !isClosed(status)),
    views.filter(({ status }) => isClosed(status)),
  ];
  const shown = new Set([...fitting(open, most.open), ...fitting(rest, most.each)]);
  const waitingForMe = fitting(listed.waitingForMe.map(view), most.each);
  const extensionsForMe = fitting(listed.extensionsForMe.map(view), most.each);
  const next = {
    ...listed.next,
    ...(shown.size < views.length && { mine: beforeMissing(views, shown, listed.next.mine) }),
    ...(waitingForMe.length < listed.waitingForMe.length && { waiting: waitingForMe.at(-1)?.id }),
    ...(extensionsForMe.length < listed.extensionsForMe.length && { extensions: extensionsForMe.at(-1)?.id }),
  };
  return ok({ mine: views.filter((each) => shown.has(each)), waitingForMe, extensionsForMe, ...nextOf(next) });
};

/**
 * In bytes, 900 KB together: Lambda answers with 6 MB at most, and each of the lists goes on whatever the others hold
 * (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
const most = { open: 450_000, each: 150_000 };

/** What is newer than all that did not fit; open ones stand before their turn, so that there may be some between. */
const beforeMissing = (
  views: readonly RequestView[],
  shown: ReadonlySet<RequestView>,
  readTo: string | undefined,
): string | undefined => {
  const last = views[views.findIndex((each) => !shown.has(each)) - 1]?.id;
  return last === undefined || (readTo !== undefined && readTo > last) ? readTo : last;
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
