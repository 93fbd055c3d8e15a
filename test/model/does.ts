import { detect } from '#usecases/alert/detect.ts';
import { revokeAlert } from '#usecases/alert/revoke-alert.ts';
import { askExtension } from '#usecases/ask/ask-extension.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { followChain } from '#usecases/chain/follow-chain.ts';
import { answerExtension } from '#usecases/decide/answer-extension.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { lapseRequest } from '#usecases/decide/lapse-request.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { findLocked } from '#usecases/lockdown/find-locked.ts';
import { finishLockdown } from '#usecases/lockdown/finish-lockdown.ts';
import { liftLockdown } from '#usecases/lockdown/lift-lockdown.ts';
import { reportLockedFailure } from '#usecases/lockdown/report-locked-failure.ts';
import { revokeLocked } from '#usecases/lockdown/revoke-locked.ts';
import { settleLockdown } from '#usecases/lockdown/settle-lockdown.ts';
import { reportRevocationFailure } from '#usecases/revoke/report-revocation-failure.ts';
import { restoreDeny } from '#usecases/revoke/restore-deny.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { settleRequest } from '#usecases/sweep/settle-request.ts';
import { sweep } from '#usecases/sweep/sweep.ts';
import { holdGate } from '#usecases/workflow/hold-gate.ts';
import { openGate } from '#usecases/workflow/open-gate.ts';
import { startAccessRequest, startLockdown } from '#usecases/workflow/start-workflow.ts';

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
  revokeAlert,
  revokeLocked,
  revokeSessions,
  settleLockdown,
  settleRequest,
  startAccessRequest,
  startLockdown,
  submitRequest,
  sweep,
};

export type UseCases = typeof useCases;
