import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignIds } from '#local/workspace/block-kit/assign-ids.ts';
import { messageProblems } from '#local/workspace/block-kit/blocks.ts';

const letters = (count: number): string => 'x'.repeat(count);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (more: Record<string, unknown> = {}) => ({ type: 'button', text: plain('Approve'), ...more });
const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
const section = (text: unknown, more: Record<string, unknown> = {}) => ({ type: 'section', text, ...more });
const option = (value: string, text = value) => ({ text: plain(text), value });
const select = (more: Record<string, unknown>) => actions({ type: 'static_select', ...more });
const confirm = (more: Record<string, unknown> = {}) => ({
  title: plain('Sure?'),
  text: plain('It ends at once.'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
});
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('blocks at exactly their limit are taken, one more is refused where it stands', () => {
  it.each([
    ['section text', 3000, (n: number) => section(mrkdwn(letters(n))), '/blocks/0/text/text'],
    ['header', 150, (n: number) => ({ type: 'header', text: plain(letters(n)) }), '/blocks/0/text/text'],
    ['button text', 75, (n: number) => actions(button({ text: plain(letters(n)) })), '/blocks/0/elements/0/text/text'],
    ['button value', 2000, (n: number) => actions(button({ value: letters(n) })), '/blocks/0/elements/0/value'],
    ['action_id', 255, (n: number) => actions(button({ action_id: letters(n) })), '/blocks/0/elements/0/action_id'],
    ['block_id', 255, (n: number) => ({ type: 'divider', block_id: letters(n) }), '/blocks/0/block_id'],
    [
      'option text',
      75,
      (n: number) => select({ options: [option('a', letters(n))] }),
      '/blocks/0/elements/0/options/0/text/text',
    ],
    [
      'option value',
      75,
      (n: number) => select({ options: [option(letters(n), 'a')] }),
      '/blocks/0/elements/0/options/0/value',
    ],
    ['field', 2000, (n: number) => ({ type: 'section', fields: [mrkdwn(letters(n))] }), '/blocks/0/fields/0/text'],
    [
      'confirm title',
      100,
      (n: number) => actions(button({ confirm: confirm({ title: plain(letters(n)) }) })),
      '/blocks/0/elements/0/confirm/title/text',
    ],
    [
      'confirm text',
      300,
      (n: number) => actions(button({ confirm: confirm({ text: plain(letters(n)) }) })),
      '/blocks/0/elements/0/confirm/text/text',
    ],
    [
      'confirm button',
      30,
      (n: number) => actions(button({ confirm: confirm({ deny: plain(letters(n)) }) })),
      '/blocks/0/elements/0/confirm/deny/text',
    ],
    [
      'accessibility_label',
      75,
      (n: number) => actions(button({ accessibility_label: letters(n) })),
      '/blocks/0/elements/0/accessibility_label',
    ],
  ])('%s: %i characters', (_, limit, make, at) => {
    expect(messageProblems([make(limit)])).toEqual([]);
    expect(messageProblems([make(limit + 1)])).toEqual([
      `must be less than ${limit + 1} characters [json-pointer:${at}]`,
    ]);
  });

  it.each([
    [
      'elements of actions',
      25,
      (n: number) => [actions(...many(n, (i) => button({ action_id: `a${i}` })))],
      '/blocks/0/elements',
    ],
    [
      'options of a select',
      100,
      (n: number) => [select({ options: many(n, (i) => option(`o${i}`)) })],
      '/blocks/0/elements/0/options',
    ],
    ['fields', 10, (n: number) => [{ type: 'section', fields: many(n, (i) => mrkdwn(`f${i}`)) }], '/blocks/0/fields'],
    [
      'elements of context',
      10,
      (n: number) => [{ type: 'context', elements: many(n, (i) => mrkdwn(`c${i}`)) }],
      '/blocks/0/elements',
    ],
    [
      'options of an overflow menu',
      5,
      (n: number) => [actions({ type: 'overflow', options: many(n, (i) => option(`o${i}`)) })],
      '/blocks/0/elements/0/options',
    ],
    [
      'radio buttons',
      10,
      (n: number) => [actions({ type: 'radio_buttons', options: many(n, (i) => option(`o${i}`)) })],
      '/blocks/0/elements/0/options',
    ],
    ['blocks of a message', 50, (n: number) => many(n, () => ({ type: 'divider' })), '/blocks'],
  ])('%s: %i of them', (_, limit, make, at) => {
    expect(messageProblems(make(limit))).toEqual([]);
    expect(messageProblems(make(limit + 1))).toEqual([`no more than ${limit} items allowed [json-pointer:${at}]`]);
  });

  it('counts characters and not UTF-16 units', () => {
    expect(messageProblems([{ type: 'header', text: plain('🔑'.repeat(150)) }])).toEqual([]);
  });
});

describe('what is wrong with a block is said in Slack’s words', () => {
  it.each([
    ['a type that nobody knows', { type: 'sektion' }, 'unsupported type: sektion [json-pointer:/blocks/0/type]'],
    ['an input block in a message', { type: 'input' }, 'unsupported type: input [json-pointer:/blocks/0/type]'],
    ['no type', {}, 'missing required field: type [json-pointer:/blocks/0]'],
    ['a section of nothing', { type: 'section' }, 'missing required field: text [json-pointer:/blocks/0]'],
    [
      'a button without text',
      actions({ type: 'button' }),
      'missing required field: text [json-pointer:/blocks/0/elements/0]',
    ],
    ['an empty text', section(plain('')), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [
      'mrkdwn in a header',
      { type: 'header', text: mrkdwn('x') },
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a property of no block',
      { type: 'divider', colour: 'red' },
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    [
      'a text input among actions',
      actions({ type: 'plain_text_input' }),
      'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a style of its own',
      actions(button({ style: 'loud' })),
      'must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    ['no elements', actions(), 'no less than 1 items allowed [json-pointer:/blocks/0/elements]'],
    ['a select without options', select({}), 'missing required field: options [json-pointer:/blocks/0/elements/0]'],
    [
      'an initial option that is not offered',
      select({ options: [option('a')], initial_option: option('b') }),
      'must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]',
    ],
  ])('%s', (_, block, problem) => {
    expect(messageProblems([block])).toEqual([problem]);
  });

  it('the same action_id twice in one block, but not in two', () => {
    const twice = [actions(button({ action_id: 'ok' }), button({ action_id: 'ok' }))];
    expect(messageProblems(twice)).toEqual([
      '`action_id` ok already exists in this block [json-pointer:/blocks/0/elements/1/action_id]',
    ]);
    expect(messageProblems([actions(button({ action_id: 'ok' })), actions(button({ action_id: 'ok' }))])).toEqual([]);
  });

  it('the same block_id twice', () => {
    const blocks = [
      { type: 'divider', block_id: 'b' },
      { type: 'divider', block_id: 'b' },
    ];
    expect(messageProblems(blocks)).toEqual(['`block_id` b already exists [json-pointer:/blocks/1/block_id]']);
  });

  it('every problem is told, not the first one only', () => {
    expect(messageProblems([{ type: 'section' }, { type: 'nope' }])).toHaveLength(2);
  });
});

it('whatever is sent as blocks, the check ends and says something or nothing, and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(Array.isArray(messageProblems(value))).toBe(true);
    }),
  );
  expect(messageProblems([{ type: 'constructor' }, { type: '__proto__' }, null])).toHaveLength(3);
});

describe('ids of blocks and elements that came without one', () => {
  const blocks = [section(mrkdwn('hi'), { accessory: button() }), actions(button(), button({ action_id: 'mine' }))];

  it('are the same for the same message, and differ within it', () => {
    const first = assignIds(blocks, '1.000001');
    expect(assignIds(blocks, '1.000001')).toEqual(first);
    expect(new Set(first.map((block) => block.block_id)).size).toBe(2);
    expect(JSON.stringify(first).match(/"action_id":"[^"]+"/g)).toHaveLength(3);
  });

  it('leave the given ones alone', () => {
    expect(JSON.stringify(assignIds(blocks, 'x'))).toContain('"action_id":"mine"');
  });
});
