import { describe, expect, it, test } from 'vitest';
import type { Sample } from '#core/detection/detection.ts';
import type { Finding } from '#core/detection/finding.ts';
import { findingBy, lookingAt } from '#core/detection/findings.ts';
import { normalise } from '#core/detection/normalise.ts';
import { detections, trailDetections } from '#core/detection/registry.ts';
import { noAnswers, sampleKnown } from '#core/detection/sample-world.ts';

const found = ({ event, known, answers }: Sample): Finding[] => {
  const read = normalise(event);
  if ('unparsed' in read) throw new Error(read.unparsed);
  const all = { ...sampleKnown, ...known };
  return lookingAt(read, all).flatMap((looking) => findingBy(looking, all, { ...noAnswers, ...answers }) ?? []);
};

describe.each(trailDetections)('$id', ({ id, severities, samples }) => {
  it.each(samples.hits.map((sample, index) => [index, sample] as const))('alone finds its sample %i', (_, sample) => {
    expect(found(sample).map(({ detection }) => detection)).toEqual([id]);
  });

  it.each(samples.passes.map((sample, index) => [index, sample] as const))(
    'finds nothing in sample %i of what passes, and nobody else does',
    (_, sample) => {
      expect(found(sample)).toEqual([]);
    },
  );

  it('has samples of both kinds, and one that hits for each severity that it may have', () => {
    expect(samples.passes.length).toBeGreaterThan(0);
    const shown = samples.hits.flatMap((sample) => found(sample).map(({ severity }) => severity));
    expect([...new Set(shown)].sort()).toEqual([...severities].sort());
  });
});

test('no two detections have one id, and none has one that an alert’s key would break at', () => {
  const ids = detections.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
});
