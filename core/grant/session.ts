import { clockSkewMs } from '#core/instant.ts';

/** STS answers within a minute of the intent, or nobody waits for it any more. */
export const slowestAnswerMs = 60_000;

/** A mint that was intended longer ago is dead: STS is asked for an hour at most, and answers within a minute. */
export const longestMintMs = 3_600_000 + slowestAnswerMs + clockSkewMs;

/**
 * No session was minted under a request that was asked longer before: lapse, start and the longest grant in all lie
 * within it.
 */
export const longestAskedBeforeMs = 31 * 86_400_000;

/** What STS answered, without the secret. */
export type Issued = { accessKeyId: string; expiresAt: string };

/**
 * One set of STS credentials: an item of its own, which is found by its mint's id, its access key's id and its
 * session's name. Only the intent is sure to be there: the process may have died before the result was written.
 */
export type Session = {
  mintId: string;
  /** The request under whose grant it was minted. */
  requestId: string;
  personId: string;
  intendedAt: string;
  /** What STS was asked for. */
  durationSec: number;
  /** The latest instant at which credentials of this mint could still be alive. */
  expiresBy: string;
  issued?: Issued;
};

/** As requests of earlier versions hold all of theirs. `durationSec` is missing in the oldest. */
export type EmbeddedSession = Omit<Session, 'requestId' | 'personId' | 'durationSec'> & { durationSec?: number };
