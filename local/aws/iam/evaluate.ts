import { holds } from './condition.ts';
import { type Context, matchesAction, matchesArn } from './match.ts';
import type { Policy, Statement } from './policy.ts';

/**
 * Policy evaluation, pure: an explicit deny anywhere wins, then every set that is there must allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export type Ask = { action: string; resource: string; context: Context };

export type Verdict = 'allow' | 'explicit-deny' | 'implicit-deny';

/** The policies that limit one caller. A boundary or session policy that is absent limits nothing. */
export type PolicySets = {
  identity: readonly Policy[];
  boundary?: Policy;
  /** Each of them must allow. */
  session: readonly Policy[];
};

export const layers = ['identity-based policy', 'permissions boundary', 'session policy'] as const;
export type Layer = (typeof layers)[number];

export type Decision = { allowed: true } | { allowed: false; explicit: boolean; by: Layer };

/** Action and conditions; who and what are asked by the caller of this. */
export const concerns = (statement: Statement, ask: Ask): boolean =>
  statement.actions.some((pattern) => matchesAction(pattern, ask.action)) !== statement.notAction &&
  statement.conditions.every((condition) => holds(condition, ask.context));

/** Whether the statement is about the resource that is asked for. */
export const covers = (statement: Statement, ask: Ask): boolean =>
  statement.resources.some((pattern) => matchesArn(pattern, ask.resource, ask.context)) !== statement.notResource;

/** The action first: most statements are about others, and a resource is the dearest to compare. */
const applies = (statement: Statement, ask: Ask): boolean => concerns(statement, ask) && covers(statement, ask);

/** What a union of policies says: a Deny that applies, else an Allow that applies. */
export const evaluate = (policies: readonly Policy[], ask: Ask): Verdict => {
  let allowed = false;
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (statement.effect === 'Allow' && allowed) continue;
      if (!applies(statement, ask)) continue;
      if (statement.effect === 'Deny') return 'explicit-deny';
      allowed = true;
    }
  }
  return allowed ? 'allow' : 'implicit-deny';
};

/** What each layer says by itself; a layer that is absent allows. */
export const verdicts = (sets: PolicySets, ask: Ask): Readonly<Record<Layer, Verdict>> => {
  const session = sets.session.map((policy) => evaluate([policy], ask));
  const strictest = (['explicit-deny', 'implicit-deny'] as const).find((verdict) => session.includes(verdict));
  return {
    'identity-based policy': evaluate(sets.identity, ask),
    'permissions boundary': sets.boundary ? evaluate([sets.boundary], ask) : 'allow',
    'session policy': strictest ?? 'allow',
  };
};

/** Whether the caller's own policies allow it, and if not, the layer that AWS would name. */
export const decide = (sets: PolicySets, ask: Ask): Decision => {
  const said = verdicts(sets, ask);
  const explicit = layers.find((layer) => said[layer] === 'explicit-deny');
  if (explicit) return { allowed: false, explicit: true, by: explicit };
  const implicit = layers.find((layer) => said[layer] === 'implicit-deny');
  return implicit ? { allowed: false, explicit: false, by: implicit } : { allowed: true };
};
