import { expect, it } from 'vitest';
import { trailDetections } from '#core/detection/registry.ts';
import { forwardRules } from '#deploy/onboarding/forwarding.ts';
import { matches } from '#local/aws/events/pattern.ts';
import { compiled, ofType, resolved } from './compiled.ts';

/**
 * The patterns that are deployed: an event that none of them lets through is never judged, whatever a detection says.
 */
const template = compiled();

type Deployed = { EventPattern?: Readonly<Record<string, unknown>>; Targets: { Arn: string }[] };
const toDetect = ofType(template, 'AWS::Events::Rule')
  .map(([, properties]) => resolved(template, properties) as Deployed)
  .filter(({ Targets }) => Targets.some(({ Arn }) => Arn.endsWith(':function:daypass-detect')))
  .map(({ EventPattern = {} }) => EventPattern);

const hits = trailDetections.flatMap(({ id, samples }) =>
  samples.hits.map(({ event }, index) => [`${id} ${index}`, event] as const),
);

it.each(hits)('what hits %s is delivered to the detector by a rule of the hub', (_, event) => {
  expect(toDetect.some((pattern) => matches(pattern, event))).toBe(true);
});

it.each(hits)('what hits %s is sent on from a target account', (_, event) => {
  expect(forwardRules.some(({ pattern }) => matches(pattern, event))).toBe(true);
});
