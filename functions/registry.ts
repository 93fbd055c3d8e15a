import { config as activateGrant } from './activate-grant/config.ts';
import { config as api } from './api/config.ts';
import { config as checkPeople } from './check-people/config.ts';
import { config as closeAlert } from './close-alert/config.ts';
import type { FunctionConfig } from './config.ts';
import { config as detect } from './detect/config.ts';
import { config as expireAlert } from './expire-alert/config.ts';
import { config as findLocked } from './find-locked/config.ts';
import { config as finishLockdown } from './finish-lockdown/config.ts';
import { config as followChain } from './follow-chain/config.ts';
import { config as holdGate } from './hold-gate/config.ts';
import { config as lapseRequest } from './lapse-request/config.ts';
import { config as mintCredentials } from './mint-credentials/config.ts';
import { config as notify } from './notify/config.ts';
import { config as openGate } from './open-gate/config.ts';
import { config as reportAlertFailure } from './report-alert-failure/config.ts';
import { config as reportLockedFailure } from './report-locked-failure/config.ts';
import { config as reportRevocationFailure } from './report-revocation-failure/config.ts';
import { config as restoreDeny } from './restore-deny/config.ts';
import { config as revokeAlert } from './revoke-alert/config.ts';
import { config as revokeLocked } from './revoke-locked/config.ts';
import { config as revokeSessions } from './revoke-sessions/config.ts';
import { config as settleExecution } from './settle-execution/config.ts';
import { config as slackEvents } from './slack-events/config.ts';
import { config as startWorkflow } from './start-workflow/config.ts';
import { config as sweep } from './sweep/config.ts';

/** Every function there is. */
export const functions: readonly FunctionConfig[] = [
  slackEvents,
  api,
  mintCredentials,
  startWorkflow,
  openGate,
  holdGate,
  lapseRequest,
  activateGrant,
  revokeSessions,
  reportRevocationFailure,
  sweep,
  checkPeople,
  settleExecution,
  followChain,
  restoreDeny,
  notify,
  detect,
  revokeAlert,
  closeAlert,
  expireAlert,
  reportAlertFailure,
  findLocked,
  revokeLocked,
  reportLockedFailure,
  finishLockdown,
];
