import type { Decision } from './decision.ts';

/** One that was struck counts no longer, and its person is no longer waited for. */
type Cast = { personId: string; verdict: 'approve' | 'deny'; struck?: unknown };

/** The approvals of some groups: how many it takes, and how far they are. All are ids of people. */
export type Stage = {
  needed: number;
  given: number;
  missing: number;
  /** Who approved. */
  by: readonly string[];
  /** Who has not voted and may. */
  left: readonly string[];
  groups: readonly string[];
};

/** No stage: no approval is needed, or none would help. Today there is one stage at most. */
export type Quorum = { stages: readonly Stage[]; enough: boolean };

/** As much of a decision as votes are counted by. */
export type Needs =
  | { verdict: Exclude<Decision['verdict'], 'needs-approval'> }
  | Pick<Extract<Decision, { verdict: 'needs-approval' }>, 'verdict' | 'count' | 'approvers' | 'groups'>;

/**
 * How far the approval is that a decision asks for. Every vote counts that is given: whose votes count at this moment
 * is for whoever decides now (`stillAllowed`), and what was taken is shown as it was taken.
 */
export const quorumOf = (decision: Needs, votes: readonly Cast[]): Quorum => {
  if (decision.verdict !== 'needs-approval') return { stages: [], enough: decision.verdict === 'allowed' };
  const { count: needed, approvers, groups } = decision;
  const approved = votes.filter(({ verdict, struck }) => verdict === 'approve' && !struck);
  const by = [...new Set(approved.map(({ personId }) => personId))];
  const voted = new Set(votes.map(({ personId }) => personId));
  const missing = Math.max(0, needed - by.length);
  const left = approvers.filter((id) => !voted.has(id));
  return { stages: [{ needed, given: by.length, missing, by, left, groups }], enough: missing === 0 };
};
