import type { TrailDetection } from './detection.ts';
import { trailDetections } from './registry.ts';

/** Every call of STS with which somebody takes a role begins like this. */
export const assumptionPrefix = 'AssumeRole';

/** The calls of IAM that these detections watch, in the order in which they name them. */
export const callsThatChange = (
  what: 'trust' | 'permissions' | 'policy',
  by: readonly TrailDetection[] = trailDetections,
): readonly string[] => {
  const watched = by.flatMap(({ on }) => on);
  return [...new Set(watched.flatMap((each) => ('changes' in each && each.changes === what ? each.calls : [])))];
};
