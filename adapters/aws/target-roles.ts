import {
  GetRolePolicyCommand,
  IAMClient,
  type IAMClientConfig,
  PutRolePolicyCommand,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { parseRoleArn, type RoleRef, revokerRoleName, roleArnOf } from '#core/aws-role.ts';
import { DaypassError } from '#core/errors.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import type { Clock } from '#ports/clock.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import type { TargetRoles } from '#ports/target-role.ts';
import { as, nameOfError } from './failures.ts';
import { issuedIn } from './issued.ts';
import { lookAtRole } from './look-at-role.ts';

const parse = (roleArn: string): RoleRef => {
  const role = parseRoleArn(roleArn);
  if (!role) throw new DaypassError('InvalidInput', `${roleArn} is not the ARN of a role.`);
  return role;
};

/** A client is given up this long before its credentials expire. */
const marginMs = 60_000;

type Reached = { iam: IAMClient; usableUntilMs: number };

export const createTargetRoles = (
  config: STSClientConfig & IAMClientConfig,
  policy: PolicySource,
  clock: Clock,
): TargetRoles => {
  const sts = new STSClient(config);
  const accounts = new Map<string, Promise<Reached>>();

  const reach = async (accountId: string): Promise<Reached> => {
    const externalId = (await policy.current()).accounts.find((account) => account.id === accountId)?.externalId;
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArnOf({ accountId, roleName: revokerRoleName }),
        RoleSessionName: 'daypass-revoke-sessions',
        DurationSeconds: 900,
        ...(externalId !== undefined && { ExternalId: externalId }),
      }),
    );
    const issued = issuedIn(Credentials);
    if (!issued) throw new Error('STS answered without credentials.');
    const { expiresAt, ...credentials } = issued;
    return { iam: new IAMClient({ ...config, credentials }), usableUntilMs: Date.parse(expiresAt) - marginMs };
  };

  /** One client per account for as long as its session lives. A failed attempt is not kept. */
  const iamOf = async (accountId: string): Promise<IAMClient> => {
    const known = await accounts.get(accountId)?.catch(() => undefined);
    if (known && clock.nowMs() < known.usableUntilMs) return known.iam;
    const reaching = reach(accountId);
    accounts.set(accountId, reaching);
    return (await reaching).iam;
  };

  const failed = (what: string, roleArn: string): ((error: unknown) => never) =>
    as(
      'RoleUnavailable',
      `The deny policy of ${roleArn} could not be ${what}. It is tried again; if it goes on, check ${revokerRoleName} in that account.`,
    );

  return {
    readDeny: async (roleArn) => {
      const { accountId, roleName } = parse(roleArn);
      try {
        const iam = await iamOf(accountId);
        const { PolicyDocument } = await iam.send(
          new GetRolePolicyCommand({ RoleName: roleName, PolicyName: denyPolicyName }),
        );
        return PolicyDocument === undefined ? undefined : decodeURIComponent(PolicyDocument);
      } catch (error) {
        // NoSuchEntity also means that the role itself is gone: then the write that follows says so.
        return nameOfError(error) === 'NoSuchEntityException' ? undefined : failed('read', roleArn)(error);
      }
    },
    writeDeny: async (roleArn, document) => {
      const { accountId, roleName } = parse(roleArn);
      try {
        const iam = await iamOf(accountId);
        await iam.send(
          new PutRolePolicyCommand({ RoleName: roleName, PolicyName: denyPolicyName, PolicyDocument: document }),
        );
        return 'written';
      } catch (error) {
        if (nameOfError(error) === 'LimitExceededException') return 'no-room';
        return nameOfError(error) === 'NoSuchEntityException' ? 'role-gone' : failed('written', roleArn)(error);
      }
    },
    look: async (roleArn) => {
      const ref = parse(roleArn);
      try {
        return await lookAtRole(await iamOf(ref.accountId), ref);
      } catch (error) {
        const name = nameOfError(error);
        if (name === 'NoSuchEntityException') return 'absent';
        return name.startsWith('AccessDenied') ? 'not-permitted' : failed('compared with onboarding', roleArn)(error);
      }
    },
    otherPolicies: async (roleArn) => {
      const { accountId, roleName } = parse(roleArn);
      const sizeOf = async (iam: IAMClient, PolicyName: string): Promise<number> => {
        const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName }));
        return decodeURIComponent(PolicyDocument).replace(/\s/g, '').length;
      };
      try {
        const iam = await iamOf(accountId);
        let size = 0;
        for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName: roleName })) {
          for (const name of PolicyNames) if (name !== denyPolicyName) size += await sizeOf(iam, name);
        }
        return size;
      } catch (error) {
        return failed('fitted in', roleArn)(error);
      }
    },
  };
};
