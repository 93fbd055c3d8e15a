import { expect, it } from 'vitest';
import { isNextStep } from '#core/next-step.ts';
import { everyStep } from './next-steps.ts';

it.each(Object.entries(everyStep))('%s is a step when it has come over the wire', (_, step) => {
  expect(isNextStep(JSON.parse(JSON.stringify(step)))).toBe(true);
});

it.each([
  ['nothing', undefined],
  ['null', null],
  ['a sentence', 'Wait.'],
  ['a step that only a later version knows', { do: 'dance' }],
  ['a name that every object has', { do: 'constructor' }],
  ['a step that lacks what it needs', { do: 'ask' }],
  ['a step with a member of another kind', { do: 'ask', entitlementId: 7 }],
])('%s is none', (_, value) => {
  expect(isNextStep(value)).toBe(false);
});
