import { activateGrant } from '#usecases/activate-grant.ts';
import { cancelRequest } from '#usecases/cancel-request.ts';
import { castVote } from '#usecases/cast-vote.ts';
import { endGrant } from '#usecases/end-grant.ts';
import { holdGate } from '#usecases/hold-gate.ts';
import { lapseRequest } from '#usecases/lapse-request.ts';
import { mintCredentials } from '#usecases/mint-credentials.ts';
import { openGate } from '#usecases/open-gate.ts';
import { reportRevocationFailure } from '#usecases/report-revocation-failure.ts';
import { revokeSessions } from '#usecases/revoke-sessions.ts';
import { startAccessRequest } from '#usecases/start-workflow.ts';
import { submitRequest } from '#usecases/submit-request.ts';
import { sweep, sweepOne } from '#usecases/sweep.ts';

/** The use cases that the model drives. They are the product's own; a seeded bug takes the place of one. */
export const useCases = {
  activateGrant,
  cancelRequest,
  castVote,
  endGrant,
  holdGate,
  lapseRequest,
  mintCredentials,
  openGate,
  reportRevocationFailure,
  revokeSessions,
  startAccessRequest,
  submitRequest,
  sweep,
  sweepOne,
};

export type UseCases = typeof useCases;
