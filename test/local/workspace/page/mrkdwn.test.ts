import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseInline, parseMrkdwn, plainMrkdwn } from '../../../../web/workspace/mrkdwn.ts';

const text = (value: string): Inline => ({ type: 'text', text: value });

describe('mrkdwn', () => {
  it.each<[string, readonly Inline[]]>([
    ['*bold*', [{ type: 'bold', children: [text('bold')] }]],
    ['_it_ ~no~', [{ type: 'italic', children: [text('it')] }, text(' '), { type: 'strike', children: [text('no')] }]],
    ['2*3*4 snake_case_name', [text('2*3*4 snake_case_name')]],
    ['* not a list*', [text('* not a list*')]],
    ['`a *b* &lt;c&gt;`', [{ type: 'code', text: 'a *b* <c>' }]],
    ['*<@U0ALICE>*', [{ type: 'bold', children: [{ type: 'user', id: 'U0ALICE' }] }]],
    ['<#C0ACCESS>', [{ type: 'channel', id: 'C0ACCESS' }]],
    ['<#C0ACCESS|access>', [{ type: 'channel', id: 'C0ACCESS' }]],
    ['<!here>', [{ type: 'broadcast', range: 'here' }]],
    [
      '<https://example.com/?a=1&amp;b=2|the &lt;run&gt;>',
      [{ type: 'link', url: 'https://example.com/?a=1&b=2', text: 'the <run>' }],
    ],
    ['<https://example.com>', [{ type: 'link', url: 'https://example.com', text: 'https://example.com' }]],
    [':lock: :no_such_name:', [{ type: 'emoji', name: 'lock', character: '🔒' }, text(' :no_such_name:')]],
    ['a &amp;lt; b', [text('a &lt; b')]],
    ['one\ntwo', [text('one'), { type: 'break' }, text('two')]],
    [
      '<!date^1732269600^{date} at {time}|22 Nov 2024>',
      [{ type: 'date', unixSec: 1_732_269_600, format: '{date} at {time}', fallback: '22 Nov 2024' }],
    ],
  ])('%s', (source, nodes) => {
    expect(parseInline(source)).toEqual(nodes);
  });

  it('a link to anything but the web or mail is only text', () => {
    expect(parseInline('<javascript:alert(1)|press me>')).toEqual([text('press me')]);
    expect(parseInline('<data:text/html,x>')).toEqual([text('<data:text/html,x>')]);
  });

  it('what was escaped is text, never markup', () => {
    expect(parseInline('&lt;!channel&gt; &lt;@U0BOB&gt; &lt;b&gt;')).toEqual([text('<!channel> <@U0BOB> <b>')]);
  });

  it('quotes, code blocks and paragraphs', () => {
    expect(parseMrkdwn('before\n&gt; why\n&gt; more\n```\nlet a = *1*;\n```\nafter')).toEqual<readonly Block[]>([
      { type: 'paragraph', children: [text('before')] },
      { type: 'quote', children: [text('why'), { type: 'break' }, text('more')] },
      { type: 'pre', text: 'let a = *1*;' },
      { type: 'paragraph', children: [text('after')] },
    ]);
  });

  it('reads aloud without its marks', () => {
    const names = (id: string) => (id === 'U0BOB' ? 'Bob' : id);
    expect(plainMrkdwn(':lock: *Denied* by <@U0BOB>: `no ticket`', names)).toBe('🔒 Denied by Bob: no ticket');
  });
});

describe('laws of mrkdwn', () => {
  const anything = fc.string({ unit: fc.constantFrom(...'ab *_~`<>@#!|^:\n&;1'.split('')), maxLength: 60 });

  it('ends for any text, and never takes so much as a letter away', () => {
    fc.assert(
      fc.property(anything, (source) => {
        const letters = (value: string) => value.replace(/[^ab]/g, '');
        const shown = JSON.stringify(parseMrkdwn(source));
        for (const letter of letters(source)) expect(shown).toContain(letter);
      }),
    );
  });

  it('text that Slack has escaped makes no link, mention or date', () => {
    const escaped = (value: string) => value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    fc.assert(
      fc.property(anything, (source) => {
        const shown = JSON.stringify(parseInline(escaped(source)));
        for (const type of ['link', 'user', 'channel', 'broadcast', 'date'])
          expect(shown).not.toContain(`"type":"${type}"`);
      }),
    );
  });
});
