import type { RequestStatus } from './request.ts';

/** The legal moves. A status that is not a key of its target's list cannot get there, whoever asks. */
const moves: Readonly<Record<RequestStatus, readonly RequestStatus[]>> = {
  pending: ['approved', 'denied', 'cancelled', 'lapsed', 'refused'],
  // `pending`: who approved it was locked down before its window could begin.
  approved: ['active', 'cancelled', 'refused', 'pending'],
  active: ['ending'],
  ending: ['ended'],
  ended: [],
  refused: [],
  denied: [],
  cancelled: [],
  lapsed: [],
};

export const canMove = (from: RequestStatus, to: RequestStatus): boolean => moves[from].includes(to);

export const isClosed = (status: RequestStatus): boolean => moves[status].length === 0;
