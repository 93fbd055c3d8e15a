import { findingsIn } from '#core/detection/detections.ts';
import type { Finding } from '#core/detection/finding.ts';
import { type Known, knownFrom } from '#core/detection/known.ts';
import { normalise } from '#core/detection/normalise.ts';
import { policy } from '#test/fixtures/alert-world.ts';

/** What the detections find in an event, under the sample policy and whatever else is known. */
export const found = (event: unknown, known: Partial<Known> = {}): Finding[] => {
  const read = normalise(event);
  if ('unparsed' in read) throw new Error(read.unparsed);
  return findingsIn(read, { ...knownFrom(policy), ...known });
};

export const brief = (event: unknown, known?: Partial<Known>): string[] =>
  found(event, known).map(({ detection, severity }) => `${detection} ${severity}`);
