import { describe, expect, it } from 'vitest';
import { evaluate, type Visible } from '#local/states/expression.ts';

const visible: Visible = {
  states: { input: { id: 'r-1', tags: ['a', 'b'], none: null }, context: {} },
  variables: { seconds: 20 },
  nowMs: Date.parse('2026-11-22T10:00:00.000Z'),
  entropy: { bytes: (count) => new Uint8Array(count), unit: () => 0.25, uuid: () => 'fixed-uuid' },
};

const value = (template: unknown) => evaluate(template, visible, 'Output');

describe('evaluating a field', () => {
  it('evaluates expressions at any depth and leaves other texts alone', async () => {
    expect(
      await value({ a: ['{% $states.input.id %}', 'plain', '{ % %}'], b: { c: '{% $seconds * 2 %}' }, d: null }),
    ).toEqual({
      a: ['r-1', 'plain', '{ % %}'],
      b: { c: 40 },
      d: null,
    });
  });

  it('gives null for null', async () => {
    expect(await value('{% $states.input.none %}')).toBeNull();
  });

  it.each([
    ['an absent field', '{% $states.input.nothing %}', /nothing \(undefined\)/],
    ['an unknown variable', '{% $unknown %}', /nothing \(undefined\)/],
    ['a function', '{% $uppercase %}', /function/],
    ['a lambda', '{% function($x){$x} %}', /function/],
    ['a type error', '{% 1 + "a" %}', /failed/],
    ['$parse of what is not JSON', '{% $parse("{") %}', /failed/],
    ['$range above a thousand', '{% $range(1, 5000, 1) %}', /at most 1000/],
  ])('fails on %s with States.QueryEvaluationError', async (_, template, cause) => {
    await expect(value(template)).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringMatching(cause),
      field: 'Output',
    });
  });

  it.each([
    ['endless recursion', '{% ($f := function($x){$f($x + 1)}; $f(1)) %}'],
    ['deep recursion', '{% ($f := function($x){1 + $f($x + 1)}; $f(1)) %}'],
    ['an enormous sequence', '{% $count([1..9000000]) %}'],
  ])('is bounded: %s fails instead of hanging', async (_, template) => {
    await expect(value(template)).rejects.toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it.each([
    ['{% $partition([1, 2, 3, 4, 5], 2) %}', [[1, 2], [3, 4], [5]]],
    ['{% $range(0, 10, 5) %}', [0, 5, 10]],
    ['{% $range(3, 1, -1) %}', [3, 2, 1]],
    // echo -n abc | sha256sum
    ['{% $hash("abc", "SHA-256") %}', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['{% $hash("abc", "MD5") %}', '900150983cd24fb0d6963f7d28e17f72'],
    ['{% $parse("{\\"a\\": [1]}") %}', { a: [1] }],
    ['{% $random() %}', 0.25],
    ['{% $random(7) = $random(7) and $random(7) != $random(8) %}', true],
    ['{% $uuid() %}', 'fixed-uuid'],
    ['{% $now() %}', '2026-11-22T10:00:00.000Z'],
    ['{% $millis() %}', 1795341600000],
  ])('has the functions that Step Functions adds: %s', async (template, expected) => {
    expect(await value(template)).toEqual(expected);
  });
});
