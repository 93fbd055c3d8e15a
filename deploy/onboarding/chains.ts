import { accountArnOf } from '#core/aws-arn.ts';
import { roleArnOf, roleOf } from '#core/aws-role.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import type { Entitlement } from '#core/policy/policy.ts';
import type { Statement } from './names.ts';

/**
 * What a managed role's trust lets in beside the broker: sessions of these roles, by ARN, with the tags that they bring
 * along.
 */
export type ChainedFrom = { roleArns: readonly string[]; tagKeys: readonly string[] };

/** Everything that a session needs to take one role more: its tags and its source identity go along. */
export const assuming = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

const intoOf = ({ chaining }: Entitlement): readonly string[] => (chaining ? chaining.into : []);

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

/** Where sessions of this role may go on to, over all entitlements that share it. */
export const chainsInto = (entitlements: readonly Entitlement[]): { chainsInto?: readonly string[] } => {
  const into = unique(entitlements.flatMap(intoOf));
  return into.length === 0 ? {} : { chainsInto: into };
};

/** The entitlements from which one gets to this role, directly or through others. */
const before = (roleArn: string, all: readonly Entitlement[]): readonly Entitlement[] => {
  const found = new Set<Entitlement>();
  const look = (arn: string): void => {
    for (const entitlement of all) {
      if (found.has(entitlement) || !intoOf(entitlement).includes(arn)) continue;
      found.add(entitlement);
      look(roleArnOf(entitlement));
    }
  };
  look(roleArn);
  return [...found];
};

/** From where sessions go on to this role. The tags are also those of the roles further back: they all come along. */
export const chainedFrom = (
  [lent]: readonly Entitlement[],
  all: readonly Entitlement[],
): { chainedFrom?: ChainedFrom } => {
  if (!lent) return {};
  const roleArn = roleArnOf(lent);
  const roleArns = unique(all.filter((each) => intoOf(each).includes(roleArn)).map(roleArnOf));
  if (roleArns.length === 0) return {};
  const tags = before(roleArn, all).flatMap((entitlement) => Object.keys(entitlement.tags));
  return { chainedFrom: { roleArns, tagKeys: unique([grantTag, entitlementTag, ...tags]) } };
};

/** For the permissions of the role at which a session begins. A trust policy that names the account asks for it. */
export const chainPermission = (into: readonly string[]): Statement => ({
  Sid: 'GoOn',
  Effect: 'Allow',
  Action: assuming,
  Resource: into,
});

/** The accounts of these roles, as principals. */
export const accountsOf = (roleArns: readonly string[]): readonly string[] =>
  unique(roleArns.map((arn) => accountArnOf(roleOf(arn).accountId)));

/**
 * For the trust of the role at which it arrives. The first role is named by a condition: as a principal it would have
 * to exist before, which two roles that go on to each other cannot, and once made anew it would no longer be meant.
 * There is no ExternalId, since a person would have to know it. A session must bring a grant along, and no tag that its
 * own role did not get from Daypass.
 */
export const chainTrust = ({ roleArns, tagKeys }: ChainedFrom): readonly Statement[] => {
  const Principal = { AWS: accountsOf(roleArns) };
  const from = { 'aws:PrincipalArn': roleArns };
  const underGrant = { [`aws:PrincipalTag/${grantTag}`]: 'false' };
  return [
    {
      Effect: 'Allow',
      Principal,
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      Condition: { ArnEquals: from, Null: { ...underGrant, 'aws:SourceIdentity': 'false' } },
    },
    {
      Effect: 'Allow',
      Principal,
      Action: 'sts:TagSession',
      Condition: { ArnEquals: from, Null: underGrant, 'ForAllValues:StringEquals': { 'aws:TagKeys': tagKeys } },
    },
  ];
};
