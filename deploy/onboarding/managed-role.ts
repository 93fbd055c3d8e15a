import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import { chainPermission, chainTrust } from './chains.ts';
import { type Document, policyVersion } from './names.ts';
import type { ManagedRolePlan } from './plan.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const longestTrust = 2_048;

/** At most this long: whoever takes it is a role itself (chaining), or has no need for more. */
export const maxSessionDurationSec = 3_600;

/**
 * Who may take a managed role: the broker alone, with the account's ExternalId, under a grant and in somebody's name.
 * The grant's tag must be transitive, or a session that goes on to another role would lose it and escape the deny. Tags
 * and source identity are permissions of their own. `sts:ExternalId` is a key of AssumeRole only, so their statements
 * cannot ask for it; without AssumeRole they allow nothing.
 */
export const managedRoleTrust = (
  { entitlementIds, tagKeys, chainedFrom }: ManagedRolePlan,
  brokers: readonly string[],
  externalIds: unknown,
): Document => {
  const Principal = { AWS: brokers };
  const underGrant = { [`aws:RequestTag/${grantTag}`]: 'false' };
  return {
    Version: policyVersion,
    Statement: [
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': externalIds, [`aws:RequestTag/${entitlementTag}`]: entitlementIds },
          Null: { ...underGrant, 'sts:SourceIdentity': 'false' },
          'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': grantTag },
        },
      },
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:TagSession',
        // `ForAllValues` also holds where there are no tags, hence the other line.
        Condition: { Null: underGrant, 'ForAllValues:StringEquals': { 'aws:TagKeys': tagKeys } },
      },
      { Effect: 'Allow', Principal, Action: 'sts:SetSourceIdentity' },
      ...(chainedFrom ? chainTrust(chainedFrom) : []),
    ],
  };
};

/** What a managed role may do, or undefined where it was given nothing. */
export const managedRolePermissions = ({ permissions, chainsInto }: ManagedRolePlan): Document | undefined => {
  const Statement = [...permissions.statements, ...(chainsInto ? [chainPermission(chainsInto)] : [])];
  return Statement.length === 0 ? undefined : { Version: policyVersion, Statement };
};
