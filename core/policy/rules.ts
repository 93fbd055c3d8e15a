import { durationInWords } from '#core/duration.ts';
import { type InForce, lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedWords } from '#core/lockdown/words.ts';
import type { Ask, TraceLine } from './decision.ts';
import { closestTo } from './did-you-mean.ts';
import { isIn, nameOf, peopleIn, personById } from './people.ts';
import type { Entitlement, Policy } from './policy.ts';
import { reasonProblem } from './reason.ts';
import { allOf, anyOf, peopleOf } from './sentences.ts';

/** One rule's line in the trace and, where it is not satisfied, what the one who asks is told. */
export type Verdict = TraceLine & {
  /** Absent where the line before it already says it. */
  reason?: string;
};

/** The rule's name in the trace. */
export const lockdownRule = 'lockdown';

const satisfied = (rule: string, because: string): Verdict => ({ rule, result: 'satisfied', because });
const unknown = (rule: string, because: string): Verdict => ({ rule, result: 'unknown', because });
const broken = (rule: string, because: string, reason: string): Verdict => ({
  rule,
  result: 'not-satisfied',
  because,
  reason,
});

export const askableBy = (policy: Policy, personId: string): readonly Entitlement[] =>
  policy.entitlements.filter((entitlement) => isIn(policy, personId, entitlement.mayAsk));

/** Who may approve what this person asks for: never the person, whatever groups they are in. */
export const approversFor = (policy: Policy, entitlement: Entitlement, requesterId: string): readonly string[] =>
  entitlement.approval.kind === 'none'
    ? []
    : peopleIn(policy, entitlement.approval.groups)
        .map((person) => person.id)
        .filter((id) => id !== requesterId);

/**
 * The same words for an entitlement that is not there and for one that is not yours. Repeats nothing that could be
 * markup.
 */
const notYours = (policy: Policy, ask: Ask): string => {
  const mine = askableBy(policy, ask.personId).map((entitlement) => entitlement.id);
  const typed = /^[a-z][a-z0-9-]{0,49}$/i.test(ask.entitlementId) ? ` ${ask.entitlementId}` : ' such entitlement';
  const what = `There is no${typed} that you can ask for.`;
  if (mine.length === 0)
    return `${what} You are in no group that may ask for anything: ask an owner of the access policy to add you.`;
  const meant = closestTo(ask.entitlementId, mine);
  if (meant !== undefined) return `${what} Did you mean ${meant}?`;
  const most = 10;
  const rest = mine.length > most ? [`${mine.length - most} more`] : [];
  return `${what} You can ask for ${allOf([...mine.slice(0, most), ...rest])}.`;
};

export const personIsKnown = (policy: Policy, ask: Ask): Verdict => {
  const person = personById(policy, ask.personId);
  return person === undefined
    ? broken(
        'people',
        'The person is not in the access policy.',
        'The access policy does not know you. Ask one of its owners to add you to its people.',
      )
    : satisfied('people', `${person.name} is in the access policy.`);
};

/** One line where a lockdown is in force anywhere; silent otherwise, as it is no rule of the policy. */
export const nothingIsLockedDown = (
  policy: Policy,
  ask: Ask,
  entitlement: Entitlement | undefined,
  inForce: readonly InForce[],
): Verdict[] => {
  if (inForce.length === 0) return [];
  const { accountId, roleName } = entitlement ?? { accountId: '', roleName: '' };
  const over = lockdownOver(inForce, { personId: ask.personId, accountId, roleName });
  if (over === undefined) return [satisfied(lockdownRule, 'No lockdown covers it.')];
  const { message } = lockedWords(policy, over, ask.personId);
  return [broken(lockdownRule, message, message)];
};

const rulesOf = (id: string) => ({
  mayAsk: `entitlements.${id}.mayAsk`,
  min: `entitlements.${id}.duration.min`,
  max: `entitlements.${id}.duration.max`,
  approval: `entitlements.${id}.approval`,
  count: `entitlements.${id}.approval.count`,
});

/** Whether it is there, and whether this person may ask for it. */
export const entitlementIsAskable = (policy: Policy, ask: Ask, entitlement: Entitlement | undefined): Verdict[] => {
  if (entitlement === undefined) {
    const nothing = 'There is no entitlement to look at.';
    return [
      broken('entitlements', 'There is no entitlement of this name.', notYours(policy, ask)),
      ...Object.values(rulesOf('*')).map((rule) => unknown(rule, nothing)),
    ];
  }
  const { id, mayAsk } = entitlement;
  const groups = anyOf(mayAsk);
  const rule = rulesOf(id).mayAsk;
  return [
    satisfied('entitlements', `${id} is an entitlement.`),
    isIn(policy, ask.personId, mayAsk)
      ? satisfied(rule, `${nameOf(policy, ask.personId)} is in ${groups}, who may ask for ${id}.`)
      : broken(rule, `Only ${groups || 'nobody'} may ask for ${id}.`, notYours(policy, ask)),
  ];
};

export const durationIsWithin = (ask: Ask, entitlement: Entitlement): Verdict[] => {
  const { id, minDurationSec, maxDurationSec } = entitlement;
  const { min, max } = rulesOf(id);
  const bounds = `${id} can be asked for at least ${durationInWords(minDurationSec)} and at most ${durationInWords(maxDurationSec)}`;
  if (!Number.isSafeInteger(ask.durationSec) || ask.durationSec <= 0) {
    const because = 'The duration is not a whole number of seconds above zero.';
    return [
      broken(min, because, `${bounds}; what you asked for is not a duration. Write it like 30m or 1h30m.`),
      unknown(max, because),
    ];
  }
  const asked = durationInWords(ask.durationSec);
  const reason = `${bounds}; you asked for ${asked}.`;
  return [
    ask.durationSec >= minDurationSec
      ? satisfied(min, `${asked} is at least ${durationInWords(minDurationSec)}.`)
      : broken(min, `${asked} is shorter than ${durationInWords(minDurationSec)}.`, reason),
    ask.durationSec <= maxDurationSec
      ? satisfied(max, `${asked} is at most ${durationInWords(maxDurationSec)}.`)
      : broken(max, `${asked} is longer than ${durationInWords(maxDurationSec)}.`, reason),
  ];
};

export const reasonIsGiven = (ask: Ask): Verdict => {
  const problem = reasonProblem(ask.reason);
  return problem === undefined
    ? satisfied('requests.reason', 'A reason is given.')
    : broken('requests.reason', problem, problem);
};

export const approversAreThere = (policy: Policy, ask: Ask, entitlement: Entitlement): Verdict[] => {
  const { id, approval } = entitlement;
  const rules = rulesOf(id);
  if (approval.kind === 'none') return [satisfied(rules.approval, `${id} needs no approval.`)];
  const { count, groups } = approval;
  const approvers = approversFor(policy, entitlement, ask.personId);
  const others = allOf(approvers.map((personId) => nameOf(policy, personId))) || 'nobody';
  return [
    satisfied(rules.approval, `${id} needs ${peopleOf(count, groups)}, never the one who asks.`),
    approvers.length >= count
      ? satisfied(rules.count, `Besides the one who asks, these people can approve: ${others}.`)
      : broken(
          rules.count,
          `Besides the one who asks, ${approvers.length} can approve: ${others}.`,
          `${id} needs the approval of ${peopleOf(count, groups)}; besides you that leaves ${approvers.length === 0 ? 'nobody' : `only ${others}`}. Ask an owner of the access policy to add approvers.`,
        ),
  ];
};
