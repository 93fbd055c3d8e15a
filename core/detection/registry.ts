import type { Detection, TrailDetection } from './detection.ts';
import * as all from './detections.ts';

/** Read by rules, detector, alert card and runbook. */
export const detections: readonly Detection[] = Object.values(all);

export const trailDetections: readonly TrailDetection[] = detections.filter((detection) => 'judge' in detection);

/** Undefined for the name of an alert that an earlier version raised and this one does not know. */
export const detectionNamed = (id: string): Detection | undefined => detections.find((each) => each.id === id);
