import { assumedWithoutGrant } from './assumed-without-grant.ts';
import { boundaryChanged } from './boundary-changed.ts';
import { chainOutOfReach } from './chained-onward.ts';
import { denyPolicyTampered } from './deny-policy-tampered.ts';
import type { Finding } from './finding.ts';
import type { Known } from './known.ts';
import { revokedSessionUsed } from './revoked-session-used.ts';
import { revokerChanged } from './revoker-changed.ts';
import { revokerMisused } from './revoker-misused.ts';
import { revokerTaken } from './revoker-taken.ts';
import type { TrailEvent } from './trail-event.ts';
import { trustChanged } from './trust-changed.ts';

/** A rule over one event and what is known about it. Pure. */
export type Detection = (event: TrailEvent, known: Known) => Finding | undefined;

const detections: readonly Detection[] = [
  assumedWithoutGrant,
  chainOutOfReach,
  revokerTaken,
  revokedSessionUsed,
  trustChanged,
  denyPolicyTampered,
  boundaryChanged,
  revokerChanged,
  revokerMisused,
];

export const findingsIn = (event: TrailEvent, known: Known): Finding[] =>
  detections.flatMap((detection) => detection(event, known) ?? []);
