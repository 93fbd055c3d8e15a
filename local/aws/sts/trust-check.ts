import { toIso } from '#core/instant.ts';
import { tellAsked } from '../iam/authorized.ts';
import { contextOf, toContext } from '../iam/context.ts';
import { accessDenied, policySetsOf, principalOf } from '../iam/gate.ts';
import { parseStored } from '../iam/policy.ts';
import type { PolicyStore } from '../iam/policy-store.ts';
import { arnOf, type Role } from '../iam/principals.ts';
import type { PrincipalStore } from '../iam/store.ts';
import { type Asker, decideAssume, evaluateTrust } from '../iam/trust.ts';
import { type AwsCall, AwsError, type Caller } from '../service.ts';
import type { Inherited } from './inheritance.ts';
import type { AssumeRoleInput } from './parameters.ts';

/** AssumeRole needs up to three permissions: the two others only when tags or a source identity go along. */
export type AssumeAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity';

type Keys = Record<string, string | readonly string[]>;

/** Condition keys per action: an ExternalId and a session name are keys of AssumeRole only. */
const keysFor = (action: AssumeAction, input: AssumeRoleInput, inherited: Inherited, role: Role): Keys => {
  const keys: Keys = {};
  const sourceIdentity = input.sourceIdentity ?? inherited.sourceIdentity;
  for (const [key, value] of Object.entries(role.tags)) {
    keys[`aws:ResourceTag/${key}`] = value;
    keys[`iam:ResourceTag/${key}`] = value;
  }
  if (action !== 'sts:TagSession' && sourceIdentity !== undefined) keys['sts:SourceIdentity'] = sourceIdentity;
  if (action !== 'sts:SetSourceIdentity') {
    for (const [key, value] of Object.entries(input.tags)) keys[`aws:RequestTag/${key}`] = value;
    if (Object.keys(input.tags).length > 0) keys['aws:TagKeys'] = Object.keys(input.tags);
    if (input.transitiveTagKeys.length > 0) keys['sts:TransitiveTagKeys'] = input.transitiveTagKeys;
  }
  if (action === 'sts:AssumeRole') {
    keys['sts:RoleSessionName'] = input.roleSessionName;
    if (input.externalId !== undefined) keys['sts:ExternalId'] = input.externalId;
  }
  return keys;
};

const askerOf = (caller: Caller, principals: PrincipalStore): Asker => {
  const principal = principalOf(caller, principals);
  return caller.kind === 'session'
    ? {
        kind: 'principal',
        accountId: caller.accountId,
        arn: caller.session.roleArn,
        uniqueId: caller.session.roleId,
        sessionArn: caller.arn,
      }
    : {
        kind: 'principal',
        accountId: caller.accountId,
        arn: principal ? arnOf(principal) : caller.arn,
        uniqueId: caller.userId,
      };
};

const actionsFor = (input: AssumeRoleInput, inherited: Inherited): AssumeAction[] => {
  const tagged = Object.keys(input.tags).length > 0 || Object.keys(inherited.tags).length > 0;
  const identified = input.sourceIdentity !== undefined || inherited.sourceIdentity !== undefined;
  return [
    'sts:AssumeRole',
    ...(tagged ? (['sts:TagSession'] as const) : []),
    ...(identified ? (['sts:SetSourceIdentity'] as const) : []),
  ];
};

/** Throws AccessDenied unless trust policy and caller's policies let this call happen, tags and identity included. */
export const checkAssume = (
  call: AwsCall,
  role: Role,
  input: AssumeRoleInput,
  inherited: Inherited,
  principals: PrincipalStore,
  policies: PolicyStore,
): void => {
  const { caller } = call;
  const resource = arnOf(role);
  const sameAccount = caller.accountId === role.accountId;
  const changed =
    inherited.sourceIdentity !== undefined &&
    input.sourceIdentity !== undefined &&
    input.sourceIdentity !== inherited.sourceIdentity;
  if (changed) throw accessDenied('sts', caller, { action: 'sts:SetSourceIdentity', resource });
  const sets = policySetsOf(caller, principals, policies);
  for (const action of actionsFor(input, inherited)) {
    const need = { action, resource, context: keysFor(action, input, inherited, role) };
    const ask = { action, resource, context: contextOf(call, need, principalOf(caller, principals)) };
    tellAsked(caller, need, sets, ask);
    const trust = evaluateTrust(parseStored(role.trust, 'trust'), role.boundIds, askerOf(caller, principals), ask);
    const decision = decideAssume(trust, sets, ask, { sameAccount, isSession: caller.kind === 'session' });
    if (!decision.allowed) throw accessDenied('sts', caller, need, sameAccount ? decision : undefined);
  }
};

/** Throws AccessDenied unless the role's trust policy names the service, such as `lambda.amazonaws.com`. */
export const checkServiceTrust = (role: Role, service: string, atMs: number): void => {
  const resource = arnOf(role);
  const context = toContext({
    'aws:CurrentTime': toIso(atMs),
    'aws:EpochTime': String(Math.floor(atMs / 1000)),
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': service,
    'aws:SourceAccount': role.accountId,
  });
  const ask = { action: 'sts:AssumeRole', resource, context };
  const { verdict } = evaluateTrust(
    parseStored(role.trust, 'trust'),
    role.boundIds,
    { kind: 'service', name: service },
    ask,
  );
  if (verdict !== 'allow') {
    throw new AwsError(
      'AccessDenied',
      `${service} is not authorized to perform: sts:AssumeRole on resource: ${resource}. Let the role's trust policy name it.`,
      403,
    );
  }
};
