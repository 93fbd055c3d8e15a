import { endAfter, type Standing, standing } from '#core/grant/extension.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { Extension, GrantedRequest } from '#core/request/request.ts';
import { type ApprovalsView, approvalsView, type NameView, nameView, type VoteView, voteView } from './answer-views.ts';

/** More time that was asked for a live grant. */
export type ExtensionView = {
  id: string;
  /** `lapsed`: the grant was over before enough people had answered. */
  status: Standing;
  /** How long the whole window is with it, from its start. */
  durationSec: number;
  /** When the window ends with it. */
  endsAt: string;
  reason: string;
  askedAt: string;
  votes: readonly VoteView[];
  /** How many of whom it takes, while it waits. */
  approvals?: ApprovalsView;
  answeredAt?: string;
  denied?: { by: NameView; reason: string };
};

export const extensionView = (policy: Policy, request: GrantedRequest, extension: Extension): ExtensionView => {
  const { id, durationSec, reason, askedAt, votes, decision } = extension;
  const status = standing(request, extension);
  const approvals = status === 'waiting' && approvalsView(policy, decision);
  return {
    id,
    status,
    durationSec,
    endsAt: endAfter(request.grant, durationSec),
    reason,
    askedAt,
    votes: votes.map((vote) => voteView(policy, vote)),
    ...(approvals && { approvals }),
    ...(extension.status !== 'waiting' && { answeredAt: extension.answeredAt }),
    ...(extension.status === 'denied' && {
      denied: { by: nameView(policy, extension.deniedBy), reason: extension.deniedReason },
    }),
  };
};
