import { roleArnOf } from '#core/aws-role.ts';
import { fits, inlinePolicyBudget } from '#core/ledger/document.ts';
import { emptyLedger, type Ledger, withEntries } from '#core/ledger/ledger.ts';
import type { LockdownChange } from '#core/lockdown/change.ts';
import { covers } from '#core/lockdown/lockdown.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { DomainEvent } from '#events/events.ts';
import type { LockdownStore } from '#ports/lockdown-store.ts';
import type { RequestChange } from '#ports/request-store.ts';
import type { AssumeOrder, SessionCredentials } from '#ports/token-service.ts';
import type { Minted } from '#usecases/grant/mint-credentials.ts';
import type { Actor } from './actor.ts';
import { noteRoleDenied } from './invariants/console.ts';
import { noteCounted } from './invariants/limits.ts';
import { noteStruck, restsOnLocked } from './invariants/votes.ts';
import { endsLive, endsWrongly } from './invariants/workflows.ts';
import type { ExecutionEnd } from './states/history.ts';
import type { World } from './world.ts';

/** From now on the deny of these grants on the role may be gone: see `invariants/granted.ts`. */
const excuse = (world: World, roleArn: string, which: (grantId: string) => boolean): void => {
  const { observed } = world;
  const excused = observed.excused.get(roleArn) ?? new Set();
  // Also one whose session STS has not issued yet, or that has none on this role.
  for (const { id } of world.memory.requests.values()) if (which(id)) excused.add(id);
  observed.excused.set(roleArn, excused);
  observed.loose.add(roleArn);
};

/** What the role denies again is not excused any longer. */
const pardon = ({ observed, cloud }: World, roleArn: string): void => {
  const excused = observed.excused.get(roleArn) ?? new Set();
  if (excused.size === 0) return;
  const there = [...observed.issued, ...observed.chained].filter((issued) => issued.roleArn === roleArn);
  const denied = (grantId: string): boolean =>
    there.every((issued) => issued.grantId !== grantId || cloud.isDeniedByRole(issued));
  for (const grantId of [...excused].filter(denied)) excused.delete(grantId);
};

/** One process may be at several roles at the same time. */
const noteOf = (notes: Map<Actor, Map<string, number>>, actor: Actor, roleArn: string, value: number): void =>
  void notes.set(actor, (notes.get(actor) ?? new Map<string, number>()).set(roleArn, value));

const wrote = (world: World, actor: Actor, roleArn: string): void => {
  const { observed, clock } = world;
  observed.readBack.delete(roleArn);
  pardon(world, roleArn);
  const leaseUntilMs = observed.leases.get(actor)?.get(roleArn);
  if (leaseUntilMs !== undefined && clock.nowMs() >= leaseUntilMs) excuse(world, roleArn, () => true);
  const setByAdmin = observed.adminWrote.get(roleArn);
  if (setByAdmin !== undefined && setByAdmin > (observed.lastRead.get(actor)?.get(roleArn) ?? 0)) {
    // PutRolePolicy has no condition: what came between the read and the write cannot be seen by the writer.
    if (observed.adminSet.has(roleArn)) observed.overwritten.add(roleArn);
  }
};

/** A writer collapses entries before it writes: whether it had to. */
const judgeRoom = ({ observed, cloud, memory, clock }: World, { roleArn }: Ledger): void => {
  const before = observed.lastLedgers.get(roleArn) ?? emptyLedger(roleArn);
  const proposed = [...(memory.proposals.get(roleArn)?.values() ?? [])];
  const whole = withEntries(before, proposed, clock.nowMs());
  const room = inlinePolicyBudget - cloud.otherPolicies(roleArn);
  if (fits(whole, cloud.denyOf(roleArn), room)) return;
  observed.overflowed.add(roleArn);
  const whose = new Set(
    whole.entries.map((entry) => {
      if ('everyOf' in entry) return entry.everyOf;
      return 'grantId' in entry ? memory.requests.get(entry.grantId)?.personId : undefined;
    }),
  );
  if (whose.size !== 1 || whose.has(undefined) || whole.watermark) observed.overflowedByMany.add(roleArn);
};

/** A process that began under a lockdown has seen it: it opens nothing that stands under it. */
const mayNotOpen = ({ observed, memory }: World, actor: Actor, request: AccessRequest): void => {
  const { status, id } = request;
  const opens = status === 'pending' || status === 'approved' || status === 'active';
  if (!opens || observed.lastRequests.get(id)?.status === status) return;
  const over = memory.register.lockdowns.find(
    (lockdown) =>
      covers(lockdown.scope, request) &&
      (observed.lockedAt.get(lockdown.id) ?? observed.step) < (observed.beganAt.get(actor) ?? 0),
  );
  if (over) observed.beganUnderLockdown ??= `${actor.name} made ${id} ${status} under the lockdown ${over.id}`;
};

/** What a process opens that began under lockdowns of people: see `invariants/votes.ts`. */
const mayNotCarry = (world: World, actor: Actor, request: AccessRequest): void => {
  const { observed } = world;
  const before = observed.lastRequests.get(request.id);
  const opens = (request.status === 'approved' || request.status === 'active') && before?.status !== request.status;
  const had = new Set(before?.extensions?.filter(({ status }) => status === 'granted').map(({ id }) => id));
  const granted = request.extensions?.find(({ id, status }) => status === 'granted' && !had.has(id));
  if (!opens && !granted) return;
  const what = opens ? request.id : `${request.id}, extension ${granted?.id},`;
  const found = restsOnLocked(world, request, observed.beganAt.get(actor) ?? 0, (ballot) => ballot.what === what);
  if (found) observed.carried ??= `${actor.name} went on although ${found}`;
};

/** STS answers within a minute, and its clock may be 5 minutes ahead of ours. */
const unansweredMs = 6 * 60_000;

/** Nobody knows when, by AWS's clock, their sessions were issued, if they were. */
const noteUnanswered = ({ observed }: World, request: AccessRequest): void => {
  for (const { intendedAt } of request.minted?.open ?? []) {
    const roleArn = roleArnOf(request);
    const untilMs = Date.parse(intendedAt) + unansweredMs + 1_000;
    observed.unanswered.set(roleArn, Math.max(untilMs, observed.unanswered.get(roleArn) ?? 0));
  }
};

/** The first time counts. */
const once = (steps: Map<string, number>, id: string, step: number): void => {
  if (!steps.has(id)) steps.set(id, step);
};

const noteSaved = ({ observed }: World, events: readonly DomainEvent[]): void => {
  for (const event of events) observed.saved.set(event.detail.eventId, JSON.stringify(event));
};

/** Notes what a port call has done, for the invariants to judge by. */
export const observe = (
  world: World,
  actor: Actor,
  port: string,
  method: string,
  args: readonly unknown[],
  result: unknown,
): void => {
  const { observed, clock } = world;
  observed.step++;
  const [first] = args;
  switch (`${port}.${method}`) {
    case 'tokenService.assumeRole': {
      const order = first as AssumeOrder;
      const grantId = order.tags['daypass:grant'] ?? actor.name;
      const issued = world.cloud.issuedBy(result as SessionCredentials, grantId, order.roleArn);
      observed.issued.push({ ...issued, atStep: observed.step });
      return;
    }
    case 'requests.save': {
      const { request, events } = first as RequestChange;
      noteCounted(world, first as RequestChange);
      noteSaved(world, events);
      mayNotOpen(world, actor, request);
      mayNotCarry(world, actor, request);
      noteStruck(world, request);
      observed.astray ??= endsLive(world, observed.tasks.get(actor), request);
      if (request.status === 'ending') once(observed.leftActive, request.id, observed.step);
      if (request.status === 'ended') once(observed.ended, request.id, observed.step);
      // A lockdown denies before it ends.
      if (request.status === 'ending' || world.memory.lockdowns.size > 0) noteUnanswered(world, request);
      return;
    }
    case 'alerts.save':
    case 'chains.save':
      noteSaved(world, (first as { events: readonly DomainEvent[] }).events);
      return;
    case 'outbox.announce':
      noteSaved(world, first as readonly DomainEvent[]);
      return;
    case 'lockdowns.save': {
      const { lockdown, events } = first as LockdownChange;
      noteSaved(world, events);
      for (const request of world.memory.requests.values()) noteUnanswered(world, request);
      if (lockdown.version === 1) observed.lockedAt.set(lockdown.id, observed.step);
      return;
    }
    case 'lockdowns.note':
      noteRoleDenied(world, args as Parameters<LockdownStore['note']>);
      return;
    case 'ledgers.save':
      judgeRoom(world, first as Ledger);
      return;
    case 'targetRoles.readDeny':
      observed.readBack.add(String(first));
      noteOf(observed.lastRead, actor, String(first), observed.step);
      return;
    case 'targetRoles.writeDeny':
      if (result === 'written') wrote(world, actor, String(first));
      return;
    case 'ledgers.acquire':
      noteOf(observed.leases, actor, String(first), clock.nowMs() + Number(args[1]) * 1000);
      return;
  }
};

/** An administrator writes (the console's button) or deletes the deny policy, past Daypass. */
export const observeAdmin = (world: World, roleArn: string, issuedBefore: string | undefined): void => {
  const { observed } = world;
  observed.step++;
  observed.adminWrote.set(roleArn, observed.step);
  observed.overwritten.delete(roleArn);
  if (issuedBefore === undefined) observed.adminSet.delete(roleArn);
  else {
    observed.adminSet.set(roleArn, issuedBefore);
    observed.pressed.add(roleArn);
  }
  // A writer that has not read it back yet has to notice; one that has could not.
  const couldNotice = !observed.readBack.has(roleArn);
  const { requests, chains } = world.memory;
  const wasVerified = (grantId: string): boolean =>
    requests.get(grantId)?.status === 'ended' || chains.get(`${grantId} ${roleArn}`)?.deniedAt !== undefined;
  excuse(world, roleArn, (grantId) => !couldNotice || wasVerified(grantId));
  observed.readBack.delete(roleArn);
};

/** Somebody is handed credentials, and could have been under a lockdown that was in force when STS issued them. */
export const observeHandOut = (world: World, { request, credentials }: Minted): void => {
  const { observed, memory } = world;
  const issued = observed.issued.find((each) => each.credentials.accessKeyId === credentials.accessKeyId);
  const over = memory.register.lockdowns.find(
    ({ id, scope }) => covers(scope, request) && (observed.lockedAt.get(id) ?? observed.step) < (issued?.atStep ?? 0),
  );
  if (over) observed.handedOutUnderLockdown ??= `credentials of ${request.id} were handed out under ${over.id}`;
  const found = issued && restsOnLocked(world, request, issued.atStep);
  if (found) observed.carried ??= `credentials of ${request.id} were handed out although ${found}`;
};

/** An execution has ended, and how says whether it may have. */
export const observeEnd = (world: World, end: ExecutionEnd): void => {
  world.observed.astray ??= endsWrongly(world, end);
};
