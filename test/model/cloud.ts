import { roleArnOf } from '#core/aws-role.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import { contextOf } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
import { decideFor, policySetsOf } from '#local/aws/iam/gate.ts';
import { AwsError, type Caller, type Need } from '#local/aws/service.ts';
import { region } from '#local/world.ts';
import type { TargetRoles } from '#ports/target-role.ts';
import type { SessionCredentials } from '#ports/token-service.ts';
import { createAccounts, partsOf, type SessionCaller } from './accounts.ts';
import type { ModelClock } from './clock.ts';
import { credentialsIn, inProcessRoles, inProcessTokens } from './cloud-ports.ts';

/** A session that STS issued on a managed role, whoever holds its credentials. */
export type Issued = { caller: SessionCaller; credentials: SessionCredentials; grantId: string; roleArn: string };

/** AWS, as Daypass reaches it by its ports and as somebody sees it who may look everywhere. */
export const createCloud = (policy: Policy, clock: ModelClock) => {
  const accounts = createAccounts(policy, clock);
  const { iam, principals, policies, call, holder, asAdmin, edits, reset } = accounts;

  const roleAt = (roleArn: string) => {
    const { accountId, RoleName } = partsOf(roleArn);
    const role = principals.role(accountId, RoleName);
    if (!role) throw new Error(`There is no ${roleArn}.`);
    return role;
  };
  const sizeOf = (document: string): number => document.replace(/\s/g, '').length;
  const others = new Map<string, number>();
  /** In the model only `leaveRoom` changes them. */
  const otherPolicies = (roleArn: string): number => {
    const known = others.get(roleArn);
    if (known !== undefined) return known;
    const size = policies
      .inline(roleAt(roleArn).id)
      .filter(({ name }) => name !== denyPolicyName)
      .reduce((sum, { document }) => sum + sizeOf(document), 0);
    others.set(roleArn, size);
    return size;
  };

  /** A call that each of the sample's roles may make. */
  const probeOf = ({ roleArn }: Issued): Need => ({
    action: 'dynamodb:GetItem',
    resource: `arn:aws:dynamodb:${region}:${partsOf(roleArn).accountId}:table/${roleArn.endsWith('payments-admin') ? 'Payments' : 'Orders'}Table`,
  });
  const factsOf = (caller: Caller) => ({
    caller,
    region,
    sourceIp: '127.0.0.1',
    userAgent: 'aws-cli',
    atMs: clock.nowMs(),
  });

  /** What is found out holds until a role is changed or the time is another one. */
  const remembered = <T>(find: (of: Issued) => T): ((of: Issued) => T) => {
    const found = new WeakMap<Issued['caller'], { edits: number; nowMs: number; what: T }>();
    return (of) => {
      const known = found.get(of.caller);
      if (known?.edits === edits() && known.nowMs === clock.nowMs()) return known.what;
      const what = find(of);
      found.set(of.caller, { edits: edits(), nowMs: clock.nowMs(), what });
      return what;
    };
  };
  const hasExpired = ({ caller }: Issued): boolean => clock.nowMs() >= caller.session.expiresAtMs;
  let denies = { edits: -1, of: new Map<string, string | undefined>() };
  const denyOf = (roleArn: string): string | undefined => {
    if (denies.edits !== edits()) denies = { edits: edits(), of: new Map() };
    if (!denies.of.has(roleArn)) denies.of.set(roleArn, iam.rolePolicy(roleArn, denyPolicyName));
    return denies.of.get(roleArn);
  };

  const issuedBy = (credentials: SessionCredentials, grantId: string, roleArn: string): Issued => ({
    caller: holder(credentials.accessKeyId),
    credentials,
    grantId,
    roleArn,
  });

  return {
    targetRoles: (functionName: string): TargetRoles => inProcessRoles(accounts, functionName, otherPolicies),
    tokenService: inProcessTokens(accounts),
    otherPolicies,
    roleArns: [...new Set(policy.entitlements.map(roleArnOf))],
    denyOf,
    issuedBy,
    /**
     * Whoever holds a session takes a further role with it, as with the AWS CLI. The new session with what CloudTrail
     * tells of it; undefined where AWS refuses it.
     */
    goOn: async (
      from: Issued,
      roleArn: string,
      RoleSessionName: string,
    ): Promise<{ issued: Issued; events: readonly BusEvent[] } | undefined> => {
      if (hasExpired(from)) return undefined;
      try {
        const { output, events } = await accounts.told(from.caller, 'sts', 'AssumeRole', {
          RoleArn: roleArn,
          RoleSessionName,
        });
        const credentials = credentialsIn(output);
        const { tags } = holder(credentials.accessKeyId).session;
        return { issued: issuedBy(credentials, tags['daypass:grant'] ?? 'none', roleArn), events };
      } catch (error) {
        if (error instanceof AwsError) return undefined;
        throw error;
      }
    },
    /** Somebody widens the trust of a role, so that the account's administrator can take it by hand. */
    letAdminIn: async (roleArn: string): Promise<void> => {
      const { accountId, RoleName } = partsOf(roleArn);
      const admin = asAdmin(accountId);
      const { Version, Statement } = JSON.parse(roleAt(roleArn).trust) as { Version: string; Statement: object[] };
      const letIn = { Effect: 'Allow', Principal: { AWS: admin.arn }, Action: 'sts:AssumeRole' };
      const PolicyDocument = JSON.stringify({ Version, Statement: [...Statement, letIn] });
      await call(admin, 'iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    },
    /** The administrator, an IAM user, takes the role past Daypass. With what CloudTrail tells of it. */
    takeByHand: async (
      roleArn: string,
      RoleSessionName: string,
    ): Promise<{ issued: Issued; events: readonly BusEvent[] }> => {
      const admin = asAdmin(partsOf(roleArn).accountId);
      const { output, events } = await accounts.told(admin, 'sts', 'AssumeRole', { RoleArn: roleArn, RoleSessionName });
      return { issued: issuedBy(credentialsIn(output), 'none', roleArn), events };
    },
    /** Whether its credentials work now: not expired, and IAM allows a read. */
    works: remembered(
      (issued): boolean =>
        !hasExpired(issued) && decideFor(factsOf(issued.caller), probeOf(issued), principals, policies).allowed,
    ),
    hasExpired,
    /** Whether the role's own policies deny the session, leaving its session policy aside. */
    isDeniedByRole: remembered(
      (issued): boolean =>
        evaluate(policySetsOf(issued.caller, principals, policies).identity, {
          ...probeOf(issued),
          context: contextOf(factsOf(issued.caller), probeOf(issued), undefined),
        }) === 'explicit-deny',
    ),
    /** The administrator of the role's account writes the deny policy, or with `undefined` deletes it. */
    adminWrites: async (roleArn: string, PolicyDocument: string | undefined): Promise<void> => {
      const { accountId, RoleName } = partsOf(roleArn);
      const named = { RoleName, PolicyName: denyPolicyName };
      if (PolicyDocument === undefined) {
        if (iam.rolePolicy(roleArn, denyPolicyName) !== undefined) {
          await call(asAdmin(accountId), 'iam', 'DeleteRolePolicy', named);
        }
      } else await call(asAdmin(accountId), 'iam', 'PutRolePolicy', { ...named, PolicyDocument });
    },
    /** Leaves so many characters for the deny policy of a role. */
    leaveRoom: async (roleArn: string, characters: number): Promise<void> => {
      const { accountId, RoleName } = partsOf(roleArn);
      const statement = (Sid: string) =>
        JSON.stringify({
          Statement: [{ Sid, Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::filler' }],
        });
      const spare = 10_240 - otherPolicies(roleArn) - characters - statement('').length;
      const PolicyDocument = statement('x'.repeat(spare));
      await call(asAdmin(accountId), 'iam', 'PutRolePolicy', { RoleName, PolicyName: 'filler', PolicyDocument });
      others.clear();
    },
    reset,
  };
};

export type Cloud = ReturnType<typeof createCloud>;
