import { activateGrant } from '#usecases/activate-grant.ts';
import { answerExtension } from '#usecases/answer-extension.ts';
import { askExtension } from '#usecases/ask-extension.ts';
import { beginLockdown } from '#usecases/begin-lockdown.ts';
import { cancelRequest } from '#usecases/cancel-request.ts';
import { castVote } from '#usecases/cast-vote.ts';
import { detect } from '#usecases/detect.ts';
import { endGrant } from '#usecases/end-grant.ts';
import { findLocked } from '#usecases/find-locked.ts';
import { finishLockdown } from '#usecases/finish-lockdown.ts';
import { followChain } from '#usecases/follow-chain.ts';
import { holdGate } from '#usecases/hold-gate.ts';
import { lapseRequest } from '#usecases/lapse-request.ts';
import { liftLockdown } from '#usecases/lift-lockdown.ts';
import { mintCredentials } from '#usecases/mint-credentials.ts';
import { openGate } from '#usecases/open-gate.ts';
import { reportLockedFailure } from '#usecases/report-locked-failure.ts';
import { reportRevocationFailure } from '#usecases/report-revocation-failure.ts';
import { restoreDeny } from '#usecases/restore-deny.ts';
import { revokeLocked } from '#usecases/revoke-locked.ts';
import { revokeSessions } from '#usecases/revoke-sessions.ts';
import { settleLockdown } from '#usecases/settle-lockdowns.ts';
import { startAccessRequest, startLockdown } from '#usecases/start-workflow.ts';
import { submitRequest } from '#usecases/submit-request.ts';
import { sweep, sweepOne } from '#usecases/sweep.ts';

/** The use cases that the model drives. They are the product's own; a seeded bug takes the place of one. */
export const useCases = {
  activateGrant,
  answerExtension,
  askExtension,
  beginLockdown,
  cancelRequest,
  castVote,
  detect,
  endGrant,
  findLocked,
  finishLockdown,
  followChain,
  holdGate,
  lapseRequest,
  liftLockdown,
  mintCredentials,
  openGate,
  reportLockedFailure,
  reportRevocationFailure,
  restoreDeny,
  revokeLocked,
  revokeSessions,
  settleLockdown,
  startAccessRequest,
  startLockdown,
  submitRequest,
  sweep,
  sweepOne,
};

export type UseCases = typeof useCases;
