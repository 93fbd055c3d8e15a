import { denyDocument, inlinePolicyBudget } from '#core/ledger/document.ts';
import { emptyLedger } from '#core/ledger/ledger.ts';
import { roleArnOf } from '#core/policy/policy.ts';
import type { RequestChange } from '#ports/request-store.ts';
import type { AssumeOrder, SessionCredentials } from '#ports/token-service.ts';
import type { Actor } from './actor.ts';
import type { World } from './world.ts';

/** From now on the deny of these grants on the role may be gone: see `invariants/granted.ts`. */
const excuse = (world: World, roleArn: string, which: (grantId: string) => boolean): void => {
  const { observed } = world;
  const excused = observed.excused.get(roleArn) ?? new Set();
  // Also one whose session STS has not issued yet.
  for (const request of world.memory.requests.values()) {
    if (roleArnOf(request) === roleArn && which(request.id)) excused.add(request.id);
  }
  observed.excused.set(roleArn, excused);
};

/** What the role denies again is not excused any longer. */
const pardon = ({ observed, cloud }: World, roleArn: string): void => {
  const denied = (grantId: string): boolean =>
    observed.issued.every((issued) => issued.grantId !== grantId || cloud.isDeniedByRole(issued));
  const excused = observed.excused.get(roleArn) ?? new Set();
  for (const grantId of [...excused].filter(denied)) excused.delete(grantId);
};

const wrote = (world: World, actor: Actor, roleArn: string): void => {
  const { observed, cloud, clock } = world;
  observed.readBack.delete(roleArn);
  pardon(world, roleArn);
  const lease = observed.leases.get(actor);
  if (lease?.roleArn === roleArn && clock.nowMs() >= lease.untilMs) excuse(world, roleArn, () => true);
  const ledger = world.memory.ledgers.get(roleArn) ?? emptyLedger(roleArn);
  const whole = denyDocument(ledger, cloud.denyOf(roleArn), Number.POSITIVE_INFINITY) ?? '';
  if (whole.length > inlinePolicyBudget - cloud.otherPolicies(roleArn)) observed.overflowed.add(roleArn);
  const setByAdmin = observed.adminWrote.get(roleArn);
  if (setByAdmin !== undefined && setByAdmin > (observed.lastRead.get(actor) ?? 0)) {
    // PutRolePolicy has no condition: what came between the read and the write cannot be seen by the writer.
    observed.adminSet.delete(roleArn);
    observed.lostToRace++;
  }
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
      for (const event of events) observed.saved.set(event.detail.eventId, JSON.stringify(event));
      if (request.status === 'ending') observed.leftActive.set(request.id, observed.step);
      return;
    }
    case 'targetRoles.readDeny':
      observed.readBack.add(String(first));
      observed.lastRead.set(actor, observed.step);
      return;
    case 'targetRoles.writeDeny':
      if (result === 'written') wrote(world, actor, String(first));
      return;
    case 'ledgers.acquire':
      observed.leases.set(actor, { roleArn: String(first), untilMs: clock.nowMs() + Number(args[1]) * 1000 });
      return;
  }
};

/** An administrator writes (the console's button) or deletes the deny policy, past Daypass. */
export const observeAdmin = (world: World, roleArn: string, issuedBefore: string | undefined): void => {
  const { observed } = world;
  observed.step++;
  observed.adminWrote.set(roleArn, observed.step);
  if (issuedBefore === undefined) observed.adminSet.delete(roleArn);
  else observed.adminSet.set(roleArn, issuedBefore);
  // A writer that has not read it back yet has to notice; one that has could not.
  const couldNotice = !observed.readBack.has(roleArn);
  excuse(world, roleArn, (grantId) => !couldNotice || world.memory.requests.get(grantId)?.status === 'ended');
  observed.readBack.delete(roleArn);
};
