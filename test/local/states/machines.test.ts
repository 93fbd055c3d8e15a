import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { check } from '#local/states/check.ts';
import { approval, lease, task } from './machines.ts';

const validate = createRequire(import.meta.url)('asl-validator') as (definition: object) => { errors: unknown[] };

describe('what the interpreter accepts', () => {
  it.each([
    ['task', task()],
    ['approval', approval()],
    ['lease', lease],
  ])('%s is valid ASL for an independent validator too', (_, definition) => {
    expect(check(definition)).toEqual([]);
    // The validator writes into what it is given.
    expect(validate(structuredClone(definition)).errors).toEqual([]);
  });
});
