import { describe, expect, it } from 'vitest';
import { viewProblems } from '#local/workspace/block-kit/view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const view = (more: Record<string, unknown> = {}) => ({ type: 'modal', title: plain('Ask'), blocks: [], ...more });
const input = { type: 'input', label: plain('Why'), element: { type: 'plain_text_input' } };

describe('a modal', () => {
  it.each([
    ['title', 24, (n: number) => view({ title: plain('x'.repeat(n)) }), '/view/title/text'],
    ['submit', 24, (n: number) => view({ submit: plain('x'.repeat(n)) }), '/view/submit/text'],
    ['close', 24, (n: number) => view({ close: plain('x'.repeat(n)) }), '/view/close/text'],
    ['private_metadata', 3000, (n: number) => view({ private_metadata: 'x'.repeat(n) }), '/view/private_metadata'],
    ['callback_id', 255, (n: number) => view({ callback_id: 'x'.repeat(n) }), '/view/callback_id'],
    ['external_id', 255, (n: number) => view({ external_id: 'x'.repeat(n) }), '/view/external_id'],
  ])('%s: %i characters and no more', (_, limit, make, at) => {
    expect(viewProblems(make(limit))).toEqual([]);
    expect(viewProblems(make(limit + 1))).toEqual([`must be less than ${limit + 1} characters [json-pointer:${at}]`]);
  });

  it('has at most 100 blocks', () => {
    const blocks = (count: number) => Array.from({ length: count }, () => ({ type: 'divider' }));
    expect(viewProblems(view({ blocks: blocks(100) }))).toEqual([]);
    expect(viewProblems(view({ blocks: blocks(101) }))).toEqual([
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ]);
  });

  it('with an input needs a submit button', () => {
    expect(viewProblems(view({ blocks: [input], submit: plain('Ask') }))).toEqual([]);
    expect(viewProblems(view({ blocks: [input] }))).toEqual(['missing required field: submit [json-pointer:/view]']);
  });

  it('needs a title and blocks', () => {
    expect(viewProblems({ type: 'modal' })).toEqual([
      'missing required field: title [json-pointer:/view]',
      'missing required field: blocks [json-pointer:/view]',
    ]);
  });

  it('is not a home tab', () => {
    expect(viewProblems(view({ type: 'home' }))).toContain('unsupported type: home [json-pointer:/view/type]');
  });

  it('has no buttons as the element of an input', () => {
    const wrong = { ...input, element: { type: 'button', text: plain('x') } };
    expect(viewProblems(view({ blocks: [wrong], submit: plain('Ask') }))).toEqual([
      'unsupported type: button [json-pointer:/view/blocks/0/element/type]',
    ]);
  });
});
