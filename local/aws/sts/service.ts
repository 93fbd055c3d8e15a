import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#ports/clock.ts';
import { invalidAction } from '../endpoint-operation.ts';
import { accessDenied } from '../iam/gate.ts';
import { newId, type RandomBytes, systemRandom } from '../iam/ids.ts';
import type { KeyRing } from '../iam/keys.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { PolicyStore } from '../iam/policy-store.ts';
import { arnOf, parsePrincipalArn, type Role } from '../iam/principals.ts';
import type { PrincipalStore } from '../iam/store.ts';
import { type AwsCall, AwsError, type AwsService, type Caller, type RoleSession } from '../service.ts';
import type { KeyHolder } from '../sigv4/verify.ts';
import { validationError } from '../wire/constraints.ts';
import { checkInheritedTags, inheritedFrom, mergeTags } from './inheritance.ts';
import { packedPolicySize } from './packed-size.ts';
import { type AssumeRoleInput, readAssumeRole } from './parameters.ts';
import { scopedSession, scopeOf } from './scoped.ts';
import { sessionArn, sessionStore } from './sessions.ts';
import { checkAssume, checkServiceTrust } from './trust-check.ts';

export type SessionCredentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAtMs: number;
};

/** An AWS service took a role, as CloudTrail's AWSService events tell. Nothing in it is secret. */
export type ServiceAssumed = {
  /** For example `lambda.amazonaws.com`. */
  service: string;
  roleArn: string;
  /** The account whose trail hears of it. */
  accountId: string;
  accessKeyId: string;
  session: RoleSession;
};

export type Sts = AwsService & {
  /** Who holds a session key; also after the session ended. */
  find(accessKeyId: string): KeyHolder | undefined;
  /** Takes a role on behalf of an AWS service. Throws AccessDenied unless the role trusts it. */
  serviceSession(roleArn: string, sessionName: string, service: string, durationSec?: number): SessionCredentials;
};

export type StsOptions = {
  db: DatabaseSync;
  clock: Clock;
  keys: KeyRing;
  principals: PrincipalStore;
  policies: PolicyStore;
  random?: RandomBytes;
  serviceAssumed?: (assumed: ServiceAssumed) => void;
};

const chainedLimitSec = 3600;

/**
 * What a role's session may not call, whatever its policies say:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const notForSessions: ReadonlySet<string> = new Set(['GetFederationToken', 'GetSessionToken']);

const callerOf = (accessKeyId: string, accountId: string, session: RoleSession): Caller => ({
  kind: 'session',
  accountId,
  arn: sessionArn(accountId, session),
  userId: `${session.roleId}:${session.roleSessionName}`,
  accessKeyId,
  session,
});

const asCredentials = (issued: SessionCredentials) => ({
  AccessKeyId: issued.accessKeyId,
  SecretAccessKey: issued.secretAccessKey,
  SessionToken: issued.sessionToken,
  Expiration: new Date(issued.expiresAtMs),
});

/** The fixed facts of a session. Times are whole seconds, as AWS shows them. */
const factsOf = (role: Role, name: string, durationSec: number, nowMs: number): RoleSession => {
  const issuedAtMs = Math.floor(nowMs / 1000) * 1000;
  return {
    roleArn: arnOf(role),
    roleName: role.name,
    roleId: role.id,
    roleSessionName: name,
    issuedAtMs,
    expiresAtMs: issuedAtMs + durationSec * 1000,
    tags: role.tags,
    transitiveTagKeys: [],
    sessionPolicies: [],
  };
};

export const createSts = (options: StsOptions): Sts => {
  const { db, clock, keys, principals, policies, random = systemRandom, serviceAssumed } = options;
  const sessions = sessionStore(db);

  const issue = (accountId: string, session: RoleSession): SessionCredentials => {
    const accessKeyId = newId('ASIA', random);
    sessions.add({ accessKeyId, accountId, session });
    return {
      accessKeyId,
      secretAccessKey: keys.secretOf(accessKeyId),
      sessionToken: keys.tokenOf(accessKeyId),
      expiresAtMs: session.expiresAtMs,
    };
  };

  /** A role by its whole ARN, path included. */
  const roleAt = (roleArn: string): Role | undefined => {
    const target = parsePrincipalArn(roleArn);
    if (target?.kind !== 'role') throw validationError(`${roleArn} is invalid`);
    const role = principals.role(target.accountId, target.name);
    return role && arnOf(role) === roleArn ? role : undefined;
  };

  const sessionOf = (role: Role, input: AssumeRoleInput, calling: RoleSession | undefined): RoleSession => {
    const inherited = inheritedFrom(calling);
    const sourceIdentity = input.sourceIdentity ?? inherited.sourceIdentity;
    return {
      ...factsOf(role, input.roleSessionName, input.durationSec, clock.nowMs()),
      tags: mergeTags(role.tags, input.tags, inherited.tags),
      transitiveTagKeys: [...Object.keys(inherited.tags), ...input.transitiveTagKeys],
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      sessionPolicies: input.policy === undefined ? [] : [input.policy],
    };
  };

  const assumeRole = (call: AwsCall): Record<string, unknown> => {
    const { caller } = call;
    const input = readAssumeRole(call.input);
    const calling = caller.kind === 'session' ? caller.session : undefined;
    if (calling && input.durationSec > chainedLimitSec) {
      throw validationError(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      );
    }
    const inherited = inheritedFrom(calling);
    const role = roleAt(input.roleArn);
    // A role that does not exist reads like one that may not be assumed.
    if (!role) throw accessDenied('sts', caller, { action: 'sts:AssumeRole', resource: input.roleArn });
    checkAssume(call, role, input, inherited, principals, policies);
    checkInheritedTags(input, inherited);
    if (input.durationSec > role.maxSessionDurationSec) {
      throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
    }
    if (input.policy !== undefined) parsePolicy(input.policy, 'identity');
    const packed = packedPolicySize(input.policy, input.tags);
    const session = sessionOf(role, input, calling);
    const issued = issue(role.accountId, session);
    return {
      ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${session.roleSessionName}`,
        Arn: sessionArn(role.accountId, session),
      },
      Credentials: asCredentials(issued),
      ...(packed === 0 ? {} : { PackedPolicySize: packed }),
    };
  };

  const getScopedCredentials = (call: AwsCall): Record<string, unknown> => {
    const { accountId } = call.caller;
    const session = scopedSession(call, principals, policies);
    return { Credentials: asCredentials(issue(accountId, session)), ...scopeOf(accountId, session) };
  };

  return {
    // AssumeRole is decided by the trust policy together with the caller's; GetCallerIdentity cannot be denied.
    needs: () => [],
    handle: async (call) => {
      const { caller, action } = call;
      if (action === 'AssumeRole') return assumeRole(call);
      if (action === 'GetScopedCredentials') return getScopedCredentials(call);
      if (action === 'GetCallerIdentity') return { UserId: caller.userId, Account: caller.accountId, Arn: caller.arn };
      if (caller.kind === 'session' && notForSessions.has(action)) {
        throw new AwsError('AccessDenied', `Cannot call ${action} with session credentials`, 403);
      }
      throw invalidAction('sts', action);
    },
    find: (accessKeyId) => {
      const stored = sessions.find(accessKeyId);
      if (!stored) return undefined;
      const { accountId, session } = stored;
      return {
        caller: callerOf(accessKeyId, accountId, session),
        secretAccessKey: keys.secretOf(accessKeyId),
        session: { token: keys.tokenOf(accessKeyId), expiresAtMs: session.expiresAtMs },
      };
    },
    serviceSession: (roleArn, sessionName, service, durationSec = chainedLimitSec) => {
      const role = roleAt(roleArn);
      if (!role)
        throw validationError(`The role ${roleArn} that ${service} should take does not exist. Create it first.`);
      checkServiceTrust(role, service, clock.nowMs());
      const session = factsOf(role, sessionName, durationSec, clock.nowMs());
      const issued = issue(role.accountId, session);
      serviceAssumed?.({ service, roleArn, accountId: role.accountId, accessKeyId: issued.accessKeyId, session });
      return issued;
    },
  };
};
