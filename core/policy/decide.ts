import { type InForce, lockdownOfPerson } from '#core/lockdown/lockdown.ts';
import type { AccessRequest, Extension, Vote } from '#core/request/request.ts';
import type { Ask, Decision } from './decision.ts';
import { isIn, nameOf } from './people.ts';
import type { Entitlement, Policy } from './policy.ts';
import { quorumOf } from './quorum.ts';
import {
  approversAreThere,
  approversFor,
  askableBy,
  durationIsWithin,
  entitlementIsAskable,
  nothingIsLockedDown,
  personIsKnown,
  reasonIsGiven,
  type Verdict,
} from './rules.ts';
import { allOf, peopleOf } from './sentences.ts';

const entitlementById = (policy: Policy, id: string): Entitlement | undefined =>
  policy.entitlements.find((entitlement) => entitlement.id === id);

/**
 * The policy's verdict with a line for each rule; `inForce` are the lockdowns that hold. Every rule must be satisfied:
 * one that is not, or that could not be evaluated, refuses. `reasons` are sentences for the one who asks; they do not
 * tell an entitlement that is not there from one that is not theirs, which `trace` does: show it to those who may see
 * the policy only.
 */
export const decide = (policy: Policy, ask: Ask, inForce: readonly InForce[]): Decision => {
  const entitlement = entitlementById(policy, ask.entitlementId);
  const known = personIsKnown(policy, ask);
  const free = nothingIsLockedDown(policy, ask, entitlement, inForce);
  const askable = entitlementIsAskable(policy, ask, entitlement);
  const limits = entitlement === undefined ? [] : durationIsWithin(ask, entitlement);
  const reason = reasonIsGiven(ask);
  const approval = entitlement === undefined ? [] : approversAreThere(policy, ask, entitlement);
  const all = [known, ...free, ...askable, ...limits, reason, ...approval];
  const base = {
    policyDigest: policy.digest,
    trace: all.map(({ rule, result, because }) => ({ rule, result, because })),
  };

  if (entitlement === undefined || all.some(isBroken)) {
    const hidden = askable.some(isBroken);
    const locked = lockdownOfPerson(inForce, ask.personId) !== undefined;
    const told = isBroken(known)
      ? [known]
      : locked
        ? free
        : hidden
          ? [...askable, reason]
          : free.some(isBroken)
            ? free
            : all;
    return { ...base, verdict: 'refused', reasons: reasonsOf(told) };
  }
  if (entitlement.approval.kind === 'none') return { ...base, verdict: 'allowed' };
  const { count, groups } = entitlement.approval;
  return {
    ...base,
    verdict: 'needs-approval',
    count,
    approvers: approversFor(policy, entitlement, ask.personId),
    groups,
  };
};

const isBroken = (verdict: Verdict): boolean => verdict.result !== 'satisfied';

const reasonsOf = (verdicts: readonly Verdict[]): readonly string[] => [
  ...new Set(verdicts.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))),
];

/** What this person may ask for, and all that they may know of. */
export const askable = (policy: Policy, personId: string): readonly Entitlement[] => askableBy(policy, personId);

/** What the decision on a stored request depends on. An `AccessRequest` is one. */
type Asked = Pick<AccessRequest, 'personId' | 'entitlementId'>;
type Votes = { votes: readonly Pick<Vote, 'personId' | 'verdict' | 'struck'>[] };
type Voted = Asked & Pick<AccessRequest, 'durationSec' | 'reason' | 'accountId' | 'roleName'> & Votes;
type Extended = Voted & {
  extensions?: readonly (Pick<Extension, 'status' | 'durationSec' | 'reason'> & Votes)[];
};

export type StillAllowed =
  | { ok: true }
  /**
   * `missing` is how many approvals are still needed where nothing else is in the way, else 0. `freshVote`: enough had
   * approved, and the approvals of those who were locked down since no longer count.
   */
  | { ok: false; reasons: readonly string[]; missing: number; freshVote?: true };

/**
 * The decision made again: at a vote, at activation and at every mint. Where approval is needed it takes enough
 * different people who approved and who may approve now; a vote to deny, or one's own vote, allows nothing. What was
 * approved is one role: an entitlement that leads to another one by now is not what anybody said yes to. Each extension
 * that was granted must be allowed still, by its own votes: the grant is as long as all of them together made it.
 * Nobody's approval counts who is locked down, or was after it.
 */
export const stillAllowed = (policy: Policy, request: Extended, inForce: readonly InForce[]): StillAllowed => {
  const granted = (request.extensions ?? []).filter(({ status }) => status === 'granted');
  const asks = [
    request,
    ...granted.map(({ durationSec, reason, votes }) => ({ ...request, durationSec, reason, votes })),
  ];
  const verdicts = asks.map((ask) => askStillAllowed(policy, ask, inForce));
  return verdicts.find((each) => !each.ok && !each.freshVote) ?? verdicts.find(({ ok }) => !ok) ?? { ok: true };
};

const askStillAllowed = (policy: Policy, request: Voted, inForce: readonly InForce[]): StillAllowed => {
  const decision = decide(policy, request, inForce);
  if (decision.verdict === 'refused') return no(decision.reasons);
  const entitlement = entitlementById(policy, request.entitlementId);
  if (entitlement?.accountId !== request.accountId || entitlement.roleName !== request.roleName) {
    return no([`${request.entitlementId} is another role now than the one asked for.`]);
  }
  const denier = request.votes.find((vote) => vote.verdict === 'deny');
  if (denier !== undefined) return no([`${nameOf(policy, denier.personId)} denied it.`]);
  if (decision.verdict === 'allowed') return { ok: true };
  const given = request.votes.filter(({ personId }) => decision.approvers.includes(personId));
  const counts = ({ personId, struck }: (typeof given)[number]): boolean =>
    struck === undefined && lockdownOfPerson(inForce, personId) === undefined;
  const { stages, enough } = quorumOf(decision, given.filter(counts));
  if (enough) return { ok: true };
  if (
    quorumOf(
      decision,
      given.map(({ personId, verdict }) => ({ personId, verdict })),
    ).enough
  ) {
    const gone = [...new Set(given.filter((vote) => !counts(vote)).map(({ personId }) => nameOf(policy, personId)))];
    const missing = stages.reduce((sum, stage) => sum + stage.missing, 0);
    return { ...no([freshVoteNeeded(request.entitlementId, gone)]), missing, freshVote: true };
  }
  const waiting = stages.filter(({ missing }) => missing > 0);
  return {
    ok: false,
    reasons: waiting.map(
      ({ missing, groups }) => `${request.entitlementId} still needs the approval of ${peopleOf(missing, groups)}.`,
    ),
    missing: waiting.reduce((sum, { missing }) => sum + missing, 0),
  };
};

const no = (reasons: readonly string[]) => ({ ok: false, reasons, missing: 0 }) as const;

const freshVoteNeeded = (entitlementId: string, gone: readonly string[]): string =>
  `${entitlementId} needs a fresh vote: what ${allOf(gone)} approved no longer counts, because of a lockdown.`;

/** Whether this person's vote counts on this request now. Never on one's own. */
export const mayApprove = (policy: Policy, request: Asked, personId: string): boolean => {
  const entitlement = entitlementById(policy, request.entitlementId);
  return entitlement !== undefined && approversFor(policy, entitlement, request.personId).includes(personId);
};

/**
 * Whether this person may end somebody's grant: those who could approve it and the groups of `mayRevoke`. The one whose
 * grant it is needs no permission to be done with it.
 */
export const mayRevoke = (policy: Policy, request: Asked, personId: string): boolean =>
  mayApprove(policy, request, personId) || isIn(policy, personId, policy.mayRevoke);

/**
 * Whether this person may lock down, and lift what others did. `mayLockDown` is absent from a policy that was compiled
 * before there were lockdowns.
 */
export const mayLockDown = (policy: Policy, personId: string): boolean =>
  isIn(policy, personId, policy.mayLockDown ?? []);

export const alertMayRevoke = (policy: Policy, personId: string): boolean =>
  isIn(policy, personId, policy.alerts.mayRevoke);

/** Dismissing keeps what raised the alert; so it is open to fewer people than revoking. */
export const alertMayDismiss = (policy: Policy, personId: string): boolean =>
  isIn(policy, personId, policy.alerts.mayDismiss);
