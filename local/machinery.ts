import { roleArnOf } from '#core/aws-role.ts';
import { denyPolicyName, whomItDenies } from '#core/ledger/document.ts';
import type { Policy } from '#core/policy/policy.ts';
import { ulidPattern } from '#core/ulid.ts';
import type { CloudTrailRecord } from './aws/cloudtrail/record.ts';
import type { States } from './states/states.ts';
import type { Machinery, TrailView } from './workspace/machinery.ts';
import { hubAccountId } from './world.ts';

const whoOf = ({ userIdentity, sourceIPAddress }: CloudTrailRecord): string => {
  if ('arn' in userIdentity && typeof userIdentity.arn === 'string') {
    const resource = userIdentity.arn.split(':').at(-1) ?? '';
    return resource.replace(/^(assumed-role|user)\//, '');
  }
  if ('invokedBy' in userIdentity) return String(userIdentity.invokedBy);
  if ('accountId' in userIdentity) return `account ${String(userIdentity.accountId)}`;
  return sourceIPAddress;
};

const targetOf = ({ requestParameters }: CloudTrailRecord): string | undefined => {
  const parameters = (requestParameters ?? {}) as Readonly<Record<string, unknown>>;
  const named =
    parameters.roleArn ??
    parameters.roleName ??
    parameters.tableName ??
    parameters.stateMachineArn ??
    parameters.executionArn;
  return typeof named === 'string' ? (named.split(/[:/]/).at(-1) ?? named) : undefined;
};

const trailView = (record: CloudTrailRecord): TrailView => {
  const target = targetOf(record);
  return {
    eventId: record.eventID,
    eventTime: record.eventTime,
    eventName: record.eventName,
    account: record.recipientAccountId,
    who: whoOf(record),
    ...(target !== undefined && { target }),
    ...(record.errorCode !== undefined && { errorCode: record.errorCode }),
  };
};

/** Ids of the grants that a deny policy names, whichever statement they stand in. */
const grantsIn = (document: unknown): string[] =>
  [...JSON.stringify(document).matchAll(new RegExp(`"(${ulidPattern})"`, 'g'))].map(([, id]) => id ?? '');

/**
 * What the workspace page shows of the machinery: read from the engines themselves, so that looking leaves no trace in
 * the trail.
 */
export const machineryOf = (deps: {
  states: Pick<States, 'executions'>;
  recent: (limit: number) => CloudTrailRecord[];
  /** The inline policy's document, as JSON text. */
  rolePolicy: (roleArn: string, policyName: string) => string | undefined;
  policy: Policy;
}): Machinery => ({
  executions: async () =>
    deps.states.executions(50).map(({ name, machine, status, startedAt, stoppedAt, state, statesEntered }) => ({
      name,
      machine,
      status,
      startedAt,
      ...(stoppedAt !== undefined && { endedAt: stoppedAt }),
      ...(state !== undefined && { currentState: state }),
      states: statesEntered,
    })),
  // The functions' reads and writes of their own table would bury everything else.
  trail: async () =>
    deps
      .recent(400)
      .filter((record) => record.managementEvent || record.recipientAccountId !== hubAccountId)
      .slice(0, 100)
      .map(trailView),
  denies: async () =>
    [...new Set(deps.policy.entitlements.map(roleArnOf))].map((roleArn) => {
      const text = deps.rolePolicy(roleArn, denyPolicyName);
      const policy: unknown = text === undefined ? null : JSON.parse(text);
      return { roleArn, policy, whom: whomItDenies(text), revokedGrants: policy === null ? [] : grantsIn(policy) };
    }),
});
