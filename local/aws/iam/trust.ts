import { type Ask, concerns, type Decision, layers, type PolicySets, type Verdict, verdicts } from './evaluate.ts';
import type { Policy } from './policy.ts';
import { accountOf, type Principals } from './principal.ts';

/** Who asks to assume a role, in all the ways a trust policy may name them. */
export type Asker =
  | {
      kind: 'principal';
      accountId: string;
      /** The user's ARN, or the ARN of the session's role. */
      arn: string;
      /** `AIDA…` or `AROA…`: an ARN in a trust policy means the one that bore it when the policy was written. */
      uniqueId: string;
      /** `arn:aws:sts::…:assumed-role/…` of a session. */
      sessionArn?: string;
    }
  | { kind: 'service'; name: string };

/** How a trust policy came to name the asker, from the widest to the most precise. */
export type Through = 'account' | 'anyone' | 'principal' | 'session' | 'service';

/** ARN in a trust policy → unique id of who bore it when the policy was written. */
export type BoundIds = Readonly<Record<string, string>>;

const named = (principal: string, asker: Asker, bound: BoundIds): Through | undefined => {
  if (principal === '*') return 'anyone';
  if (asker.kind === 'service') return undefined;
  if (accountOf(principal) === asker.accountId) return 'account';
  if (principal === asker.uniqueId) return 'principal';
  if (principal === asker.sessionArn) return 'session';
  const boundId = bound[principal];
  return principal === asker.arn && (boundId === undefined || boundId === asker.uniqueId) ? 'principal' : undefined;
};

const throughOf = (principals: Principals, asker: Asker, bound: BoundIds): Through[] => {
  if (asker.kind === 'service') return principals.services.includes(asker.name) ? ['service'] : [];
  return principals.aws.map((principal) => named(principal, asker, bound)).filter((found) => found !== undefined);
};

/** `NotPrincipal` spares only those of whom every name is listed: the account, the role or user, and the session. */
const spared = (principals: Principals, asker: Asker, bound: BoundIds): boolean => {
  const found = new Set(throughOf(principals, asker, bound));
  if (asker.kind === 'service' || found.has('anyone')) return found.size > 0;
  return found.has('account') && found.has('principal') && (asker.sessionArn === undefined || found.has('session'));
};

export type TrustVerdict = { verdict: Verdict; through: ReadonlySet<Through> };

/** What a role's trust policy says. `*` means any AWS principal, never an AWS service. */
export const evaluateTrust = (policy: Policy, bound: BoundIds, asker: Asker, ask: Ask): TrustVerdict => {
  const through = new Set<Through>();
  for (const { principals, ...statement } of policy.statements) {
    if (!principals) continue;
    const found = throughOf(principals, asker, bound);
    const meant = principals.not ? !spared(principals, asker, bound) : found.length > 0;
    if (!meant || !concerns(statement, ask)) continue;
    if (statement.effect === 'Deny') return { verdict: 'explicit-deny', through: new Set() };
    for (const one of found) through.add(one);
  }
  return { verdict: through.size > 0 ? 'allow' : 'implicit-deny', through };
};

export type AssumeDecision =
  | { allowed: true }
  | { allowed: false; explicit: boolean; by: 'role trust policy' | Exclude<Decision, { allowed: true }>['by'] };

/** Which of the caller's layers must allow in the role's own account, given how the trust policy names the caller. */
const layersThatMustAllow = (through: ReadonlySet<Through>, isSession: boolean): readonly (typeof layers)[number][] => {
  if (through.has('session')) return [];
  if (through.has('principal') || through.has('anyone'))
    return isSession ? ['permissions boundary', 'session policy'] : [];
  return layers;
};

/**
 * Trust policy and the caller's own policies together. In another account both must allow; in the role's own account a
 * trust policy that names the caller is enough, while one that names the account leaves it to the caller's policies.
 */
export const decideAssume = (
  trust: TrustVerdict,
  sets: PolicySets,
  ask: Ask,
  of: { sameAccount: boolean; isSession: boolean },
): AssumeDecision => {
  const said = verdicts(sets, ask);
  const denied = layers.find((layer) => said[layer] === 'explicit-deny');
  if (denied) return { allowed: false, explicit: true, by: denied };
  if (trust.verdict !== 'allow') {
    return { allowed: false, explicit: trust.verdict === 'explicit-deny', by: 'role trust policy' };
  }
  const must = of.sameAccount ? layersThatMustAllow(trust.through, of.isSession) : layers;
  const silent = must.find((layer) => said[layer] !== 'allow');
  return silent ? { allowed: false, explicit: false, by: silent } : { allowed: true };
};
