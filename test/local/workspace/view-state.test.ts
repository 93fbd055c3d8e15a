import { describe, expect, it } from 'vitest';
import { inputProblems, readState } from '#local/workspace/view-state.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value), value });
const input = (block_id: string, element: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element: { action_id: 'x', ...element },
  ...more,
});

describe('state.values has each element in the shape that Slack sends', () => {
  it.each([
    [{ type: 'plain_text_input' }, 'INC-42', { type: 'plain_text_input', value: 'INC-42' }],
    [{ type: 'plain_text_input' }, '', { type: 'plain_text_input', value: null }],
    [{ type: 'number_input' }, '5', { type: 'number_input', value: '5' }],
    [{ type: 'datepicker' }, '2026-11-22', { type: 'datepicker', selected_date: '2026-11-22' }],
    [
      { type: 'static_select', options: [option('a'), option('b')] },
      'b',
      { type: 'static_select', selected_option: option('b') },
    ],
    [{ type: 'static_select', options: [option('a')] }, 'forged', { type: 'static_select', selected_option: null }],
    [{ type: 'radio_buttons', options: [option('a')] }, null, { type: 'radio_buttons', selected_option: null }],
    [
      { type: 'checkboxes', options: [option('a'), option('b')] },
      ['b', 'forged'],
      { type: 'checkboxes', selected_options: [option('b')] },
    ],
  ])('%j holding %j', (element, raw, state) => {
    expect(readState([input('b', element)], { b: { x: raw } })).toEqual({ b: { x: state } });
  });

  it('what was not touched has its initial value', () => {
    const blocks = [
      input('text', { type: 'plain_text_input', initial_value: 'as before' }),
      input('one', { type: 'static_select', options: [option('a')], initial_option: option('a') }),
      input('some', { type: 'checkboxes', options: [option('a'), option('b')], initial_options: [option('b')] }),
    ];
    expect(readState(blocks, {})).toEqual({
      text: { x: { type: 'plain_text_input', value: 'as before' } },
      one: { x: { type: 'static_select', selected_option: option('a') } },
      some: { x: { type: 'checkboxes', selected_options: [option('b')] } },
    });
  });

  it('what was cleared stays cleared, whatever it began with', () => {
    const blocks = [input('text', { type: 'plain_text_input', initial_value: 'as before' })];
    expect(readState(blocks, { text: { x: null } })).toEqual({
      text: { x: { type: 'plain_text_input', value: null } },
    });
  });

  it('buttons have no state', () => {
    const blocks = [
      { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'x', text: plain('Go') }] },
    ];
    expect(readState(blocks, {})).toEqual({});
  });
});

describe('a form is held back', () => {
  it.each([
    ['empty', { type: 'plain_text_input' }, '', 'This is needed. Please fill it in.'],
    ['only blanks', { type: 'plain_text_input' }, '  ', 'This is needed. Please fill it in.'],
    ['nothing ticked', { type: 'checkboxes', options: [option('a')] }, [], 'This is needed. Please fill it in.'],
    ['too short', { type: 'plain_text_input', min_length: 5 }, 'abcd', 'Write at least 5 characters.'],
    ['too long', { type: 'plain_text_input', max_length: 3 }, 'abcde', 'Shorten this by 2 characters: at most 3 fit.'],
    ['not a number', { type: 'number_input', is_decimal_allowed: true }, 'ten', 'Enter a number.'],
    ['not whole', { type: 'number_input', is_decimal_allowed: false }, '1.5', 'Enter a whole number.'],
    ['too small', { type: 'number_input', is_decimal_allowed: false, min_value: '5' }, '4', 'Enter 5 or more.'],
    ['too large', { type: 'number_input', is_decimal_allowed: false, max_value: '60' }, '61', 'Enter 60 or less.'],
    ['no address', { type: 'email_text_input' }, 'alice', 'Enter an e-mail address.'],
  ])('%s', (_, element, raw, problem) => {
    expect(inputProblems([input('b', element)], { b: { x: raw } })).toEqual({ b: problem });
  });

  it('but not for an empty optional field, nor at exactly the limits', () => {
    const blocks = [
      input('optional', { type: 'plain_text_input', min_length: 3 }, { optional: true }),
      input('text', { type: 'plain_text_input', min_length: 2, max_length: 2 }),
      input('number', { type: 'number_input', is_decimal_allowed: false, min_value: '5', max_value: '5' }),
    ];
    expect(inputProblems(blocks, { text: { x: 'ab' }, number: { x: '5' } })).toEqual({});
  });
});
