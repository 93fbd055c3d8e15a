import { isLive } from '#core/grant/grant.ts';
import { inlinePolicyBudget } from '#core/ledger/document.ts';
import { deniedBefore } from '#core/ledger/ledger.ts';
import { longestSessionMs } from '#core/ledger/lifetime.ts';
import { covers } from '#core/lockdown/lockdown.ts';
import { rolesUnder } from '#core/lockdown/name-scope.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Issued } from '../cloud.ts';
import type { World } from '../world.ts';
import { isExcused, wasSwept } from './granted.ts';

type Statement = { Sid?: string; Effect: string; Condition?: Record<string, Record<string, unknown>> };

const statementsOf = (document: string | undefined): Statement[] =>
  document === undefined ? [] : (JSON.parse(document) as { Statement: Statement[] }).Statement;

const issuedBeforeOf = (statement: Statement): string =>
  String(statement.Condition?.DateLessThan?.['aws:TokenIssueTime'] ?? '');

/** Denies that concern everybody: those of the console's button, and our own watermark. */
const roleWide = (document: string | undefined): Statement[] =>
  statementsOf(document).filter(
    ({ Sid, Condition }) => Sid !== 'DaypassNobody' && Object.keys(Condition ?? {}).join() === 'DateLessThan',
  );

/** Denies that concern everybody's or this person's sessions: theirs were more than fit by their grants. */
const personal = (document: string | undefined, personId: string): Statement[] =>
  statementsOf(document).filter(({ Condition }) =>
    [Condition?.StringEquals?.['aws:SourceIdentity']].flat().includes(personId),
  );

/**
 * I1, first half: a credential that works belongs to a grant that is active, and its window contains now. Granted
 * bound: while the grant is `ending` it may still work, until the first sweep that nothing disturbed and that began
 * more than the sweeper's minute of grace after the end. Once the grant is `ended` it does not work. No bound is
 * granted for the window's own end. Whoever was handed a credential had a grant that was live after STS had answered.
 */
const usableMeansLive = (world: World): string | undefined => {
  const { cloud, memory, observed, clock } = world;
  for (const issued of observed.issued) {
    const { grantId, roleArn, credentials, atStep } = issued;
    const request = memory.requests.get(grantId);
    const left = observed.leftActive.get(grantId);
    if (left !== undefined && left < atStep && observed.handedOut.has(credentials.accessKeyId)) {
      return `credentials of ${grantId} were handed out that STS issued after the grant had ended`;
    }
    if (!cloud.works(issued)) continue;
    if (!request || !('grant' in request)) return `credentials of ${grantId} work, and it is no grant`;
    if (clock.nowMs() >= Date.parse(request.grant.endsAt)) return `credentials of ${grantId} work after its window`;
    if (request.status === 'ended' && !isExcused(world, roleArn, grantId)) {
      return `credentials of ${grantId} work, and it has ended`;
    }
    if (request.status === 'ending' && wasSwept(world, request.end.at)) {
      return `credentials of ${grantId} work after a sweep, and it ended at ${request.end.at}`;
    }
  }
  return undefined;
};

/**
 * I1, second half: the role denies a live grant's credential only by a role-wide statement that is newer than it: one
 * that an administrator wrote, or our watermark where the entries of several people do not fit, a lockdown was to the
 * role or the console's button was pressed; or by one about its person, whose entries do not fit. And never its next
 * one: no role-wide statement of ours is more than 30 seconds ahead, so what is minted half a minute later works; where
 * STS had not answered a mint when its grant was denied, up to 6 minutes after that mint was intended.
 */
const liveIsNotDenied = (world: World): string | undefined => {
  const { cloud, observed, clock } = world;
  for (const roleArn of cloud.roleArns) {
    for (const statement of roleWide(cloud.denyOf(roleArn))) {
      const ours = statement.Sid?.startsWith('Daypass') === true;
      if (!ours) continue;
      if (!observed.overflowedByMany.has(roleArn) && !observed.pressed.has(roleArn) && !isLockedDown(world, roleArn)) {
        return `${roleArn} is denied as a whole, its entries fit or are one person's, and nobody locked it down or pressed the button`;
      }
      // Where AWS's clock is ahead of ours, as far ahead as its newest session.
      const issuedMs = observed.issued.map(({ roleArn: on, caller }) =>
        on === roleArn ? caller.session.issuedAtMs : 0,
      );
      const most = Math.max(
        clock.nowMs() + (isReachedUnseen(world, roleArn) ? 301_000 : 30_000),
        observed.unanswered.get(roleArn) ?? 0,
        ...issuedMs.map((at) => at + 1_000),
      );
      if (Date.parse(issuedBeforeOf(statement)) > most) return `the watermark is too far ahead`;
    }
  }
  const denied = observed.issued.find((issued) => isDeniedWhileLive(world, issued));
  return denied && `credentials of the live grant ${denied.grantId} are denied on ${denied.roleArn}`;
};

/** Whether a grant that is over may have gone on to the role: nobody knows when, and AWS may be ahead of our clock. */
const isReachedUnseen = ({ memory }: World, roleArn: string): boolean =>
  [...memory.requests.values()].some(
    (request) => 'end' in request && (request.minted?.reach?.into.includes(roleArn) ?? false),
  );

/**
 * Whether its grant is live, and the role denies it otherwise than as one of all that were issued before some moment.
 */
export const isDeniedWhileLive = (world: World, issued: Issued): boolean => {
  const { cloud, memory, clock } = world;
  const request = memory.requests.get(issued.grantId);
  if (!request || !isLive(request, clock.nowMs()) || cloud.hasExpired(issued)) return false;
  if (!cloud.isDeniedByRole(issued)) return false;
  const document = cloud.denyOf(issued.roleArn);
  const newer = [...roleWide(document), ...personal(document, request.personId)].some(
    (statement) => Date.parse(issuedBeforeOf(statement)) > issued.caller.session.issuedAtMs,
  );
  return !newer && !isBeingEnded(world, request, issued);
};

/** I1: usable credential ⇒ exactly one active grant whose window contains now, and the other way round. */
export const i1 = (world: World): string | undefined => usableMeansLive(world) ?? liveIsNotDenied(world);

/**
 * I2: when a grant is `ended`, each of its sessions is denied by the role's own policies (its session policy does not
 * count) or has expired by itself. Granted: a deny that was verified and then taken away, until a sweep: `granted.ts`.
 */
export const i2 = (world: World): string | undefined => {
  const { cloud, memory, observed } = world;
  for (const issued of observed.issued) {
    const { grantId, roleArn } = issued;
    if (memory.requests.get(grantId)?.status !== 'ended' || cloud.hasExpired(issued)) continue;
    if (!cloud.isDeniedByRole(issued) && !isExcused(world, roleArn, grantId)) {
      return `${grantId} has ended, and ${roleArn} does not deny its session ${issued.caller.userId}`;
    }
  }
  return undefined;
};

/**
 * A lockdown puts the denies of many grants in force with one write, before each of them is ended. What it left denied
 * and live when it was lifted is ended by the first sweep that nothing disturbs.
 */
const isBeingEnded = ({ memory, observed, lot }: World, request: AccessRequest, { credentials }: Issued): boolean =>
  [...memory.lockdowns.values()].some(
    ({ scope, status }) =>
      covers(scope, request) && (status === 'in-force' || !observed.deniedBeforeSweep.has(credentials.accessKeyId)),
  ) || lot.parked().some(({ actor }) => /Locked|lockdown|sweep/.test(actor.name));

/** The sessions that are denied while their grant lives, and none of the lockdowns in force is to it. */
export const deniedWhileLive = (world: World): Issued[] =>
  [...world.observed.issued, ...world.observed.chained].filter((issued) => {
    const request = world.memory.requests.get(issued.grantId);
    const isLocked = request && world.memory.register.lockdowns.some(({ scope }) => covers(scope, request));
    return request && isLive(request, world.clock.nowMs()) && !isLocked && world.cloud.isDeniedByRole(issued);
  });

/** Whether there ever was a lockdown that is to every session of the role. */
const isLockedDown = ({ memory, policy }: World, roleArn: string): boolean =>
  [...memory.lockdowns.values()].some(({ scope }) => rolesUnder(policy, scope).includes(roleArn));

/** A ledger may forget an entry this long after the last credential that it covers is dead. */
const skewMs = 5 * 60_000;

type Instants = { revokedAt: string; coversUntil: string; lastIssuedAt?: string };

/**
 * I8: the deny policy and the role's other inline policies together have at most 10,240 characters; within its horizon
 * the deny only grows: an entry stays, or a newer one or a watermark that covers it takes its place, until 5 minutes
 * after `coversUntil`; version numbers and fences only grow; and what a person set is never lowered or lost. Granted: a
 * person's write between our read and our write, which IAM cannot tell us of, until its event was brought and a sweep
 * that nothing disturbed; and what concerns no session that could still be alive.
 */
export const i8 = (world: World): string | undefined => {
  const { cloud, memory, observed, clock } = world;
  for (const roleArn of cloud.roleArns) {
    const deny = cloud.denyOf(roleArn);
    const size = (deny ?? '').replace(/\s/g, '').length + cloud.otherPolicies(roleArn);
    if (size > inlinePolicyBudget) return `the inline policies of ${roleArn} have ${size} characters`;
    const wanted = observed.adminSet.get(roleArn);
    const kept = roleWide(deny).some((statement) => issuedBeforeOf(statement) >= (wanted ?? ''));
    const matters = wanted !== undefined && Date.parse(wanted) + longestSessionMs > clock.nowMs();
    if (matters && !kept && !observed.overwritten.has(roleArn))
      return `${roleArn} no longer denies what an administrator denied until ${wanted}`;
  }
  for (const [roleArn, ledger] of memory.ledgers) {
    const before = observed.lastLedgers.get(roleArn);
    if (before === ledger) continue;
    const dead = ({ coversUntil }: Instants): boolean => Date.parse(coversUntil) + skewMs <= clock.nowMs();
    for (const entry of before?.entries ?? []) {
      const now = ledger.entries.find((other) => JSON.stringify(subject(other)) === JSON.stringify(subject(entry)));
      const covers = (other: Instants | undefined): boolean =>
        other !== undefined && deniedBefore(other) >= deniedBefore(entry) && other.coversUntil >= entry.coversUntil;
      const whose = 'grantId' in entry ? memory.requests.get(entry.grantId)?.personId : undefined;
      const personally = ledger.entries.find((other) => 'everyOf' in other && other.everyOf === whose);
      if (!covers(now) && !covers(personally) && !covers(ledger.watermark) && !dead(entry)) {
        return `the ledger of ${roleArn} lost ${JSON.stringify(entry)}`;
      }
    }
    const mark = before?.watermark;
    if (mark && !dead(mark) && !(ledger.watermark && deniedBefore(ledger.watermark) >= deniedBefore(mark))) {
      return `the watermark of ${roleArn} was lowered or lost`;
    }
    if (ledger.entriesVersion < (before?.entriesVersion ?? 0)) return `the entries of ${roleArn} went back`;
    if (ledger.appliedVersion < (before?.appliedVersion ?? 0)) return `what was applied to ${roleArn} went back`;
    observed.lastLedgers.set(roleArn, ledger);
  }
  for (const [roleArn, { fence }] of memory.leases) {
    if (fence < (observed.lastFences.get(roleArn) ?? 0)) return `the fence of ${roleArn} went back`;
    observed.lastFences.set(roleArn, fence);
  }
  return undefined;
};

const subject = ({ revokedAt: _at, coversUntil: _until, lastIssuedAt: _issued, ...about }: Instants): object => about;
