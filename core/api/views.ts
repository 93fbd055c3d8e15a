import { groupsOf } from '#core/policy/people.ts';
import type { Entitlement, Person, Policy } from '#core/policy/policy.ts';
import type { AccessRequest, EndReason, GrantEnd, RequestIn, RequestStatus } from '#core/request/request.ts';
import { type ApprovalsView, approvalsView, type NameView, nameView, type VoteView, voteView } from './answer-views.ts';
import { type ExtensionView, extensionView } from './extension-view.ts';

/** What the HTTP API answers, and the CLI reads. All instants are ISO 8601 UTC; nothing in it is secret. */
export type PersonView = NameView & { emails: readonly string[]; groups: readonly string[] };

export type EntitlementView = {
  id: string;
  description: string;
  account: { id: string; name: string };
  roleName: string;
  minDurationSec: number;
  defaultDurationSec: number;
  maxDurationSec: number;
  approval: { count: number; groups: readonly string[] };
};

export type RequestView = {
  id: string;
  status: RequestStatus;
  person: NameView;
  entitlementId: string;
  accountId: string;
  roleName: string;
  durationSec: number;
  reason: string;
  ticket?: string;
  askedAt: string;
  lapsesAt: string;
  votes: readonly VoteView[];
  /** Absent where no approval is needed. */
  approvals?: ApprovalsView;
  grant?: { startsAt: string; endsAt: string };
  /** Credentials of a live grant that were issued before this are denied with everybody's on the role. */
  interrupted?: { issuedBefore: string };
  /** More time that was asked for, oldest first; absent where it never was. At most one waits, as the last. */
  extensions?: readonly ExtensionView[];
  end?: { reason: EndReason; at: string; by?: NameView };
  /** When it was read back that no session of the grant can be used any more. */
  verifiedAt?: string;
  /** Why that is certain. */
  how?: RequestIn<'ended'>['how'];
  /** The deny could not be put in force since then; it is tried again until it holds. */
  revocationFailure?: { since: string; attempts: number; error: string };
  denied?: { by: NameView; reason: string };
  refusedBecause?: readonly string[];
};

export type CredentialsView = {
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiresAt: string };
  region: string;
  endpointUrl?: string;
  requestId: string;
  accountId: string;
  roleName: string;
  entitlementId: string;
};

export const personView = (policy: Policy, person: Person): PersonView => ({
  id: person.id,
  name: person.name,
  emails: person.emails,
  groups: groupsOf(policy, person.id),
});

export const entitlementView = (policy: Policy, entitlement: Entitlement): EntitlementView => ({
  id: entitlement.id,
  description: entitlement.description,
  account: {
    id: entitlement.accountId,
    name: policy.accounts.find((account) => account.id === entitlement.accountId)?.name ?? entitlement.accountId,
  },
  roleName: entitlement.roleName,
  minDurationSec: entitlement.minDurationSec,
  defaultDurationSec: entitlement.defaultDurationSec,
  maxDurationSec: entitlement.maxDurationSec,
  approval:
    entitlement.approval.kind === 'votes'
      ? { count: entitlement.approval.count, groups: entitlement.approval.groups }
      : { count: 0, groups: [] },
});

const endView = ({ reason, at, by }: GrantEnd, name: (id: string) => NameView): NonNullable<RequestView['end']> => ({
  reason,
  at,
  ...(by !== undefined && { by: name(by) }),
});

export const requestView = (policy: Policy, request: AccessRequest): RequestView => {
  const name = (id: string): NameView => nameView(policy, id);
  const { decision } = request;
  const approvals = approvalsView(policy, decision);
  return {
    id: request.id,
    status: request.status,
    person: name(request.personId),
    entitlementId: request.entitlementId,
    accountId: request.accountId,
    roleName: request.roleName,
    durationSec: request.durationSec,
    reason: request.reason,
    ...(request.ticket !== undefined && { ticket: request.ticket }),
    askedAt: request.askedAt,
    lapsesAt: request.lapsesAt,
    votes: request.votes.map((vote) => voteView(policy, vote)),
    ...(approvals && { approvals }),
    ...('grant' in request && { grant: request.grant }),
    ...(request.status === 'active' && request.interrupted && { interrupted: request.interrupted }),
    ...('grant' in request &&
      request.extensions && {
        extensions: request.extensions.map((extension) => extensionView(policy, request, extension)),
      }),
    ...('end' in request && { end: endView(request.end, name) }),
    ...(request.status === 'ended' && { verifiedAt: request.verifiedAt, how: request.how }),
    ...(request.status === 'ending' && request.failure && { revocationFailure: request.failure }),
    ...(request.status === 'denied' && { denied: { by: name(request.deniedBy), reason: request.deniedReason } }),
    ...(decision.verdict === 'refused' && { refusedBecause: decision.reasons }),
  };
};
