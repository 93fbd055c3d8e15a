import { type RoleRef, revokerRoleName, roleArnOf, roleOf } from '#core/aws-role.ts';
import type { ChainedRole } from '#core/chain/chained-role.ts';
import type { Step } from '#core/chain/steps.ts';
import { clip } from '#core/clip.ts';
import type { GrantedRequest } from '#core/request/request.ts';
import { goneOn, unexplainedStep } from './chained-onward.ts';
import { nameOfRole, whoDid } from './describe.ts';
import { dedupKeyOf, lookAndPutRight, type TrailDetection } from './detection.ts';
import type { Finding } from './finding.ts';
import { isOnboarded, watchedRole } from './known.ts';
import {
  alicesSession,
  alicesTags,
  assumption,
  ordersAdmin,
  ordersAdminArn,
  production,
  sampleGrant,
} from './sample-world.ts';

/** One alert for a grant and a role, whoever finds it: the detector at the event, or whoever tries to end it. */
const about = (grantId: string, roleArn: string): readonly string[] => [grantId, roleArn];

/** What an operator does about a role that Daypass cannot deny. */
export const adviceFor = ({ accountId, roleName }: RoleRef): string =>
  `Onboard account ${accountId} with ${roleName} as an entitlement’s role, or take the role that goes on out of its trust policy.`;

const reports = 'reports-of-old';
const stepInto = (roleName: string) =>
  assumption(alicesSession, roleName, {
    roleSessionName: 'onward',
    incomingTransitiveTags: Object.fromEntries(alicesTags.map(({ key, value }) => [key, value])),
  });
const allowed = (roleName: string): readonly Step[] => [
  {
    entitlementId: sampleGrant.entitlementId,
    from: ordersAdminArn,
    into: [roleArnOf({ accountId: production, roleName })],
  },
];

/**
 * A session of a grant went on to a role on which nobody can end it. A managed role is out of reach only where ending
 * it fails.
 */
export const chainOutOfReach: TrailDetection = {
  id: 'chain-out-of-reach',
  severities: ['critical', 'high'],
  on: [{ assumptions: 'any' }],
  remedy: 'nothing',
  byHand: lookAndPutRight,
  judge: (event, known) => {
    const gone = goneOn(event, known);
    if (!gone || watchedRole(known, gone.event.role)) return undefined;
    const { role, session } = gone.event;
    const { request } = gone;
    const because = isOnboarded(known, role.accountId)
      ? 'no entitlement lends this role, and Daypass writes the deny on the roles that it lends only'
      : 'its account is not in the access policy, so there is no revoker in it';
    return {
      severity: unexplainedStep(gone, role, known) === undefined ? 'high' : 'critical',
      role,
      about: about(request.id, roleArnOf(role)),
      ...(session?.accessKeyId !== undefined && { deed: `${session.accessKeyId} ${whoDid(event)}` }),
      summary: `A session of ${request.entitlementId} went on to ${nameOfRole(role)}, where Daypass cannot end it: ${because}. ${adviceFor(role)}`,
      personId: request.personId,
      facts: { Grant: request.id, ...(session && { 'Expires by itself': session.expiresAt }) },
    };
  },
  runbook: {
    means:
      'A session of a grant went on to another role, and Daypass cannot end it there: no entitlement lends that role, its account is not in the access policy, or the account’s revoker or the role itself is not as onboarded. The alert says which.',
    urgent:
      'Critical: the policy does not even let it go there. High: the policy names the role; then before the grant ends. Once it has ended, its card says *revocation failed* until that session has expired, an hour after it was issued. There is no Revoke.',
    check: [
      {
        run: [
          `aws iam get-role --profile partner --role-name ${reports} --query 'Role.{Trust:AssumeRolePolicyDocument,Boundary:PermissionsBoundary.PermissionsBoundaryArn}'`,
          `aws iam get-role --profile partner --role-name ${revokerRoleName} --query 'Role.Arn'`,
        ],
      },
    ],
    mend: [
      'A role of Daypass: onboard the account again (docs/runbook.md#onboard-an-account-again); the sweeper does the rest. Any other role: to end the session now, deny its grant there by hand, with the id that the alert gives:',
      {
        run: [
          `aws iam put-role-policy --profile partner --role-name ${reports} --policy-name end-daypass-grant --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/daypass:grant":"${sampleGrant.id}"}}}]}'`,
        ],
      },
      'Then make it an entitlement’s role, or take it out of `chaining` and the role before out of its trust policy.',
    ],
    mendedWhen:
      'The grant’s card says that its end was verified. Answer the alert with Expected and say in its thread what was done.',
  },
  samples: {
    hits: [
      { event: stepInto(reports), known: { tagged: sampleGrant } },
      { event: stepInto(reports), known: { tagged: sampleGrant, steps: allowed(reports) } },
    ],
    passes: [
      // A session of somebody else's, whose tag names no grant.
      { event: stepInto(reports) },
      { event: stepInto(ordersAdmin), known: { tagged: sampleGrant, steps: allowed(ordersAdmin) } },
    ],
  },
};

/** The same for a managed role, found by whoever tried: no revoker in the account, no such role, no boundary on it. */
export const unendable = (request: GrantedRequest, chained: ChainedRole, because: string): Finding => {
  const role = roleOf(chained.roleArn);
  return {
    detection: chainOutOfReach.id,
    severity: 'high',
    dedupKey: dedupKeyOf(chainOutOfReach, about(request.id, chained.roleArn)),
    summary: `A session of ${request.entitlementId} went on to ${nameOfRole(role)}, where Daypass cannot end it: its revoker or the role does not let it. ${adviceFor(role)}`,
    // The same at every attempt, so that it stays one alert.
    at: chained.firstAt,
    eventId: `chain-${request.id}-${chained.roleArn}`,
    accountId: role.accountId,
    roleArn: chained.roleArn,
    personId: request.personId,
    facts: {
      Role: chained.roleArn,
      Grant: request.id,
      Sessions: String(chained.count),
      'Expires by itself': chained.expiresBy,
      Error: clip(because, 256),
    },
  };
};
