import { accountOfArn } from '#core/aws-arn.ts';
import { toIso } from '#core/instant.ts';
import { toContext } from './context.ts';
import { evaluate } from './evaluate.ts';
import { parseStored } from './policy.ts';
import { arnOf, parsePrincipalArn } from './principals.ts';
import type { IamStores } from './stores.ts';
import { evaluateTrust } from './trust.ts';

/** An AWS service about to do something with a role that it was given, on behalf of a resource such as a rule. */
export type ServiceForward = {
  /** For example `events.amazonaws.com`. */
  service: string;
  roleArn: string;
  /** On whose behalf: `aws:SourceArn` and `aws:SourceAccount` of the role's trust policy. */
  sourceArn: string;
  action: string;
  resource: string;
  context: Readonly<Record<string, string | readonly string[]>>;
};

/** Whether the role trusts the service for this resource, and may do it. */
export const serviceMay = (stores: IamStores, forward: ServiceForward): boolean => {
  const { service, roleArn, sourceArn, action, resource, context } = forward;
  const named = parsePrincipalArn(roleArn);
  const role = named?.kind === 'role' ? stores.principals.role(named.accountId, named.name) : undefined;
  if (!role || arnOf(role) !== roleArn) return false;
  const now = { 'aws:CurrentTime': toIso(stores.clock.nowMs()) };
  const trust = evaluateTrust(
    parseStored(role.trust, 'trust'),
    role.boundIds,
    { kind: 'service', name: service },
    {
      action: 'sts:AssumeRole',
      resource: roleArn,
      context: toContext({ ...now, 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountOfArn(sourceArn) ?? '' }),
    },
  );
  if (trust.verdict !== 'allow') return false;
  const identity = stores.policies.inline(role.id).map(({ document }) => parseStored(document, 'identity'));
  const asRole = { 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': role.accountId };
  return evaluate(identity, { action, resource, context: toContext({ ...now, ...asRole, ...context }) }) === 'allow';
};
