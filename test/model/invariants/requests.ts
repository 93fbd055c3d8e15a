import { firstBreak } from '#core/request/audit-chain.ts';
import { canMove } from '#core/request/moves.ts';
import type { AccessRequest, Vote } from '#core/request/request.ts';
import type { World } from '../world.ts';
import { wasSwept } from './granted.ts';
import { approvalOf, ballotsOf } from './votes.ts';

/** The requests that are not as they were at the last look, each with what it was. */
const changedOnes = ({ memory, observed }: World): [AccessRequest, AccessRequest | undefined][] =>
  [...memory.requests.values()]
    .filter((request) => observed.lastRequests.get(request.id) !== request)
    .map((request) => [request, observed.lastRequests.get(request.id)]);

/** What is judged once is not judged again until it changes. */
export const remember = ({ memory, observed }: World): void => {
  for (const request of memory.requests.values()) observed.lastRequests.set(request.id, request);
};

/**
 * I3: nobody approves their own request, nor more time for their own grant; every voter may approve it by the policy;
 * what needs N approvals has N, of N people.
 */
export const i3 = (world: World): string | undefined => {
  const { policy } = world;
  for (const [request] of changedOnes(world)) {
    const { needed, may } = approvalOf(policy, request);
    for (const { what, votes, allowed } of ballotsOf(request)) {
      for (const { personId } of votes) {
        if (personId === request.personId) return `${personId} voted on the own request ${what}`;
        if (!may.includes(personId)) return `${personId} voted on ${what} and is no approver`;
      }
      const approvers = new Set(votes.filter(({ verdict }) => verdict === 'approve').map(({ personId }) => personId));
      if (allowed && approvers.size < needed) return `${what} is allowed with ${approvers.size} of ${needed} approvals`;
      if (allowed && votes.some(({ verdict }) => verdict === 'deny')) {
        return `${what} is allowed although somebody denied it`;
      }
    }
  }
  return undefined;
};

const grantedOf = (request: AccessRequest) => (request.extensions ?? []).filter(({ status }) => status === 'granted');

/** Only a mark that it was struck may come to it, and then stays. */
const isSameVote = (vote: Vote, later: Vote | undefined): boolean => {
  const { struck: _, ...rest } = later ?? {};
  return JSON.stringify(vote) === JSON.stringify(vote.struck ? later : rest);
};

/**
 * I4: one vote per approver that counts on a request, and on each extension, never turned round, and struck for good if
 * at all; one grant per request, whose window begins once; only legal moves.
 */
export const i4 = (world: World): string | undefined => {
  for (const [request, before] of changedOnes(world)) {
    for (const { what, votes } of ballotsOf(request)) {
      const counting = votes.filter(({ struck }) => !struck);
      if (new Set(counting.map(({ personId }) => personId)).size < counting.length)
        return `somebody voted twice on ${what}`;
    }
    if (!before) continue;
    const now = ballotsOf(request);
    for (const { what, votes } of ballotsOf(before)) {
      const later = now.find((ballot) => ballot.what === what)?.votes ?? [];
      const kept = votes.every((vote, index) => isSameVote(vote, later[index]));
      if (!kept) return `a vote on ${what} was changed`;
    }
    if (request.status !== before.status && !canMove(before.status, request.status)) {
      return `${request.id} went from ${before.status} to ${request.status}`;
    }
    if (!('grant' in before)) continue;
    const same = 'grant' in request && request.grant.startsAt === before.grant.startsAt;
    if (!same) return `the grant of ${request.id} was replaced`;
  }
  return undefined;
};

/**
 * I5: a grant is as long as was asked for, or as an extension that was granted made it, and at most what the policy
 * allows. Its end moves with one more granted extension, while the grant is live, and never back. No credential
 * outlives what STS was asked for.
 */
export const i5 = (world: World): string | undefined => {
  const { policy, observed } = world;
  for (const [request, before] of changedOnes(world)) {
    if (!('grant' in request)) continue;
    const { startsAt, endsAt } = request.grant;
    const most = policy.entitlements.find(({ id }) => id === request.entitlementId)?.maxDurationSec ?? 0;
    const longest = Math.max(request.durationSec, ...grantedOf(request).map(({ durationSec }) => durationSec));
    const lengthMs = Date.parse(endsAt) - Date.parse(startsAt);
    if (!(lengthMs > 0 && lengthMs <= Math.min(most, longest) * 1000)) {
      return `the grant of ${request.id} lasts ${lengthMs} ms`;
    }
    if (!before || !('grant' in before) || before.grant.endsAt === endsAt) continue;
    const more = grantedOf(request).length - grantedOf(before).length;
    const live = before.status === 'active' && grantedAt(request) < before.grant.endsAt;
    if (endsAt < before.grant.endsAt || more !== 1 || !live) {
      return `the end of ${request.id} moved from ${before.grant.endsAt} to ${endsAt}`;
    }
  }
  for (const { caller, grantId } of observed.issued) {
    const { issuedAtMs, expiresAtMs } = caller.session;
    if (!(expiresAtMs - issuedAtMs <= 3_600_000)) return `a session of ${grantId} lasts longer than an hour`;
  }
  return undefined;
};

/** When the newest of its extensions was granted. */
const grantedAt = (request: AccessRequest): string =>
  grantedOf(request)
    .map((extension) => ('answeredAt' in extension ? extension.answeredAt : ''))
    .sort()
    .at(-1) ?? '';

/**
 * I6: the audit is only ever added to, its hashes chain up to the request's head, and each version of the request is
 * one entry.
 */
export const i6 = (world: World): string | undefined => {
  for (const [request, before] of changedOnes(world)) {
    const entries = world.memory.audit.get(request.id) ?? [];
    if (before && request.version <= before.version) return `${request.id} went back to version ${request.version}`;
    if (entries.length !== request.version)
      return `${request.id} has ${entries.length} audit entries at ${request.version}`;
    const broken = firstBreak(entries, request.auditHead);
    if (broken !== undefined) return `the audit of ${request.id} is broken at ${broken}`;
    if (before && entries[before.version - 1]?.hash !== before.auditHead)
      return `the audit of ${request.id} was rewritten`;
  }
  return undefined;
};

/**
 * I7: an active grant has an execution that will end it, with a timer at its end at the latest (a second later, since
 * timeouts are whole seconds). Granted: an execution that was stopped or failed, or was never started, until a sweep
 * that nothing disturbed.
 */
export const i7 = (world: World): string | undefined => {
  const { memory, executions, observed } = world;
  for (const request of memory.requests.values()) {
    if (request.status !== 'active') continue;
    const execution = executions.find(request.id);
    if (wasSwept(world, request.grant.endsAt)) return `${request.id} is active after a sweep past its end`;
    if (execution?.status !== 'running') {
      if (observed.endlessBeforeSweep.has(request.id))
        return `${request.id} is active after a sweep, without an execution`;
      continue;
    }
    if (execution.at?.state !== 'AwaitEnd') continue;
    const { enteredMs, timesOutMs } = execution.at;
    const lateMs = timesOutMs - Math.max(Date.parse(request.grant.endsAt), enteredMs);
    if (lateMs > 1000) return `the timer of ${request.id} is ${lateMs} ms late`;
  }
  return undefined;
};
