import * as z from 'zod/mini';
import { lockdownPreviewView, lockdownView } from '#core/api/lockdown-views.ts';
import { scopeNamed } from '#core/lockdown/name-scope.ts';
import { mayLockDown } from '#core/policy/decide.ts';
import { ok, refused } from '#functions/http/answer.ts';
import { parseBody } from '#functions/http/body.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { liftLockdown, lockdownOn } from '#usecases/lockdown/lift-lockdown.ts';
import { listLockdowns, readLockdown } from '#usecases/lockdown/list-lockdowns.ts';
import { mayNotLockDown, previewLockdown } from '#usecases/lockdown/preview-lockdown.ts';
import { requestIdFor } from './idempotency.ts';
import { pageOf } from './pages.ts';
import type { PersonalRun } from './route.ts';

const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));

const beginBody = z.strictObject({
  kind: text(20),
  name: text(200),
  reason: z.optional(z.string()),
  confirm: z.optional(z.boolean()),
});

/**
 * Without `confirm: true` it says what would be hit, and does nothing. With it, it locks down; the same
 * `Idempotency-Key` of the same person is the same lockdown.
 */
export const begin: PersonalRun = async ({ event, person }, ports) => {
  const body = parseBody(event, 'json', beginBody);
  if (!body.ok) return body.problem;
  const { kind, name, reason = '', confirm = false } = body.value;
  const policy = await ports.policy.current();
  if (!mayLockDown(policy, person.id)) return refused(mayNotLockDown(policy).refusal);
  const scope = scopeNamed(policy, kind, name);
  if (!scope.ok) return refused(scope.refusal);
  const preview = await previewLockdown({ scope: scope.value, personId: person.id }, ports);
  if (!preview.ok) return refused(preview.refusal);
  if (!confirm) return ok(lockdownPreviewView(policy, preview.value));
  const order = { personId: person.id, lockdown: scope.value, reason };
  const key = await requestIdFor(event.headers['idempotency-key'], order, ports);
  if (!key.ok) return key.problem;
  const { grants, sessions, waiting, atLeast } = preview.value;
  const told = { grants, sessions, waiting, ...(atLeast && { atLeast: 1 }) };
  const outcome = await beginLockdown(
    { lockdownId: key.requestId, scope: scope.value, reason, personId: person.id, told },
    ports,
  );
  if (!outcome.ok) return refused(outcome.refusal);
  const headers = { location: `/v1/lockdowns/${outcome.value.id}` };
  return { status: 201, body: lockdownView(policy, outcome.value), headers };
};

const liftBody = z.strictObject({ kind: text(20), name: text(200), reason: z.string() });

export const lift: PersonalRun = async ({ event, person }, ports) => {
  const body = parseBody(event, 'json', liftBody);
  if (!body.ok) return body.problem;
  const { kind, name, reason } = body.value;
  const found = await lockdownOn({ kind, name, personId: person.id }, ports);
  if (!found.ok) return refused(found.refusal);
  const outcome = await liftLockdown({ lockdownId: found.value.id, personId: person.id, reason }, ports);
  return outcome.ok ? ok(lockdownView(await ports.policy.current(), outcome.value)) : refused(outcome.refusal);
};

/** Of each everything is read that it has met. */
const mostOnPage = 20;

/** How far each is, for those who may lock down. */
export const list: PersonalRun = async ({ event, person }, ports) => {
  const [policy, inForce] = await Promise.all([ports.policy.current(), listLockdowns({ personId: person.id }, ports)]);
  const lockdowns = await pageOf(event, inForce, mostOnPage, async (each) => {
    const read = await readLockdown({ lockdownId: each.id, personId: person.id }, ports);
    return read.ok ? lockdownView(policy, read.value.lockdown, read.value.tally) : lockdownView(policy, each);
  });
  if (!lockdowns.ok) return lockdowns.problem;
  return ok({ lockdowns: lockdowns.value.page, ...lockdowns.value.next });
};

export const read: PersonalRun = async ({ person, id }, ports) => {
  const found = await readLockdown({ lockdownId: id, personId: person.id }, ports);
  if (!found.ok) return refused(found.refusal);
  return ok(lockdownView(await ports.policy.current(), found.value.lockdown, found.value.tally));
};
