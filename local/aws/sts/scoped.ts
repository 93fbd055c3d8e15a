import { accessDenied, decideFor } from '../iam/gate.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { PolicyStore } from '../iam/policy-store.ts';
import type { PrincipalStore } from '../iam/store.ts';
import { type AwsCall, AwsError, type RoleSession } from '../service.ts';
import { constraints, type TextLimits, validationError } from '../wire/constraints.ts';
import { sessionArn } from './sessions.ts';

const policyLimits: TextLimits = { least: 1, most: 2048, pattern: /[\t\n\r\u0020-\u00FF]+/ };
const descriptionLimits: TextLimits = { least: 1, most: 256 };

/** A session takes no more policies on top of its own. */
const mostLayers = 3;

const readScope = ({ input }: AwsCall): { policy?: string; durationSec?: number } => {
  const check = constraints();
  const policy = check.optional(input, 'Policy', 'policy', policyLimits);
  const durationSec = check.integer(input, 'DurationSeconds', 'durationSeconds', { least: 1, most: 129_600 });
  check.optional(input, 'ScopedSessionDescription', 'scopedSessionDescription', descriptionLimits);
  check.settle();
  if (input.MinimumSessionTokenSize !== undefined) {
    throw validationError('The embedded STS does not serve the parameter MinimumSessionTokenSize. Leave it out.');
  }
  if (policy === undefined && durationSec === undefined) {
    throw validationError('Either Policy or DurationSeconds must be given.');
  }
  return { ...(policy !== undefined && { policy }), ...(durationSec !== undefined && { durationSec }) };
};

/** AWS does not say that the call needs a permission: nothing asks for one, and what is denied may not make it. */
const checkNotDenied = (call: AwsCall, principals: PrincipalStore, policies: PolicyStore): void => {
  const need = { action: 'sts:GetScopedCredentials', resource: call.caller.arn };
  const decision = decideFor(call, need, principals, policies);
  if (!decision.allowed && decision.explicit) throw accessDenied('sts', call.caller, need, decision);
};

/**
 * What further keys of the calling session are like: its name, tags, person and time of issue, with one more policy
 * that must allow, or an earlier end, never a later one. Errors as the SDK's model has them; AWS does not say which
 * error a fourth policy meets. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export const scopedSession = (call: AwsCall, principals: PrincipalStore, policies: PolicyStore): RoleSession => {
  const { policy, durationSec } = readScope(call);
  const { caller, atMs } = call;
  if (caller.kind !== 'session') {
    throw new AwsError('InvalidSubjectCredentials', 'GetScopedCredentials takes the credentials of a session.', 400);
  }
  checkNotDenied(call, principals, policies);
  const { session } = caller;
  const endsAtMs = durationSec === undefined ? session.expiresAtMs : Math.floor(atMs / 1000 + durationSec) * 1000;
  if (endsAtMs > session.expiresAtMs) {
    throw new AwsError(
      'InsufficientSessionLifetime',
      'The requested DurationSeconds exceeds the remaining lifetime of the calling session.',
      400,
    );
  }
  const layers = (session.scopedPolicies ?? 0) + (policy === undefined ? 0 : 1);
  if (layers > mostLayers) {
    throw new AwsError('AccessDenied', `A session takes at most ${mostLayers} scoped policies.`, 403);
  }
  if (policy !== undefined) parsePolicy(policy, 'identity');
  return {
    ...session,
    expiresAtMs: endsAtMs,
    scopedPolicies: layers,
    sessionPolicies: policy === undefined ? session.sessionPolicies : [...session.sessionPolicies, policy],
  };
};

/** What the answer says besides the credentials. */
export const scopeOf = (accountId: string, session: RoleSession): Record<string, unknown> => ({
  SessionInfo: {
    ScopedSessionId: `${session.roleId}:${session.roleSessionName}`,
    Arn: sessionArn(accountId, session),
  },
  ScopedPoliciesCount: session.scopedPolicies ?? 0,
  ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
});
