import { assumedWithoutGrant } from './assumed-without-grant.ts';
import { boundaryChanged } from './boundary-changed.ts';
import { chainOutOfReach } from './chain-out-of-reach.ts';
import { denyPolicyTampered } from './deny-policy-tampered.ts';
import type { Detection, TrailDetection } from './detection.ts';
import { orphanedDeny } from './orphaned-deny.ts';
import { revokedSessionUsed } from './revoked-session-used.ts';
import { revokerChanged } from './revoker-changed.ts';
import { revokerMisused } from './revoker-misused.ts';
import { revokerTaken } from './revoker-taken.ts';
import { trustChanged } from './trust-changed.ts';
import { unparsedEvent } from './unparsed-event.ts';

/** Every detection there is: read by rules, detector, alert card and runbook. Nothing else lists them. */
export const detections: readonly Detection[] = [
  assumedWithoutGrant,
  chainOutOfReach,
  revokerTaken,
  revokedSessionUsed,
  trustChanged,
  denyPolicyTampered,
  boundaryChanged,
  revokerChanged,
  revokerMisused,
  orphanedDeny,
  unparsedEvent,
];

export const trailDetections: readonly TrailDetection[] = detections.filter((detection) => 'judge' in detection);

/** Undefined for the name of an alert that an earlier version raised and this one does not know. */
export const detectionNamed = (id: string): Detection | undefined => detections.find((each) => each.id === id);
