import { emojiFor } from './emoji.ts';

/**
 * Slack's mrkdwn, read into a tree. Nothing in it is ever HTML.
 * https://docs.slack.dev/messaging/formatting-message-text
 */

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: readonly Inline[] }
  | { type: 'code'; text: string }
  | { type: 'emoji'; name: string; character: string }
  | { type: 'link'; url: string; text: string }
  | { type: 'user'; id: string }
  | { type: 'channel'; id: string }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; unixSec: number; format: string; fallback: string; url?: string }
  | { type: 'break' };

export type Block =
  | { type: 'paragraph'; children: readonly Inline[] }
  | { type: 'quote'; children: readonly Inline[] }
  | { type: 'pre'; text: string };

/** Slack escapes exactly these three. */
export const unescapeText = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (_, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));

const safeUrl = /^(https?:\/\/|mailto:)/i;

/** What stands between `<` and `>`. */
const parseAngle = (inner: string): Inline => {
  const [target = '', ...labels] = inner.split('|');
  const label = labels.join('|');
  if (/^@[UW]\w+$/.test(target)) return { type: 'user', id: target.slice(1) };
  if (/^#C\w+$/.test(target)) return { type: 'channel', id: target.slice(1) };
  const date = /^!date\^(\d+)\^([^^]*)(?:\^(.*))?$/.exec(target);
  if (date) {
    const [, unix = '0', format = '', url] = date;
    const link = url !== undefined && safeUrl.test(url) ? { url: unescapeText(url) } : {};
    return { type: 'date', unixSec: Number(unix), format, fallback: unescapeText(label), ...link };
  }
  if (/^!(here|channel|everyone)$/.test(target)) return { type: 'broadcast', range: target.slice(1) };
  if (safeUrl.test(target)) {
    const url = unescapeText(target);
    return { type: 'link', url, text: label === '' ? url.replace(/^mailto:/i, '') : unescapeText(label) };
  }
  return { type: 'text', text: unescapeText(label === '' ? `<${inner}>` : label) };
};

const wordCharacter = /[\p{L}\p{N}]/u;
const marks: Readonly<Record<string, 'bold' | 'italic' | 'strike'>> = { '*': 'bold', _: 'italic', '~': 'strike' };

/** Where the mark that opens at `from` closes, or -1. It closes on the same line, after something, before no word. */
const closing = (text: string, from: number, mark: string): number => {
  const before = text[from - 1] ?? ' ';
  const first = text[from + 1] ?? ' ';
  if (wordCharacter.test(before) || /\s/.test(first) || first === mark) return -1;
  for (let at = from + 2; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '<') {
      const end = text.indexOf('>', at);
      if (end > 0) at = end;
    } else if (text[at] === mark && !/\s/.test(text[at - 1] ?? ' ') && !wordCharacter.test(text[at + 1] ?? ' '))
      return at;
  }
  return -1;
};

type Read = { node: Inline; end: number };

const readAt = (text: string, at: number): Read | undefined => {
  const char = text[at] ?? '';
  if (char === '\n') return { node: { type: 'break' }, end: at + 1 };
  if (char === '<') {
    const angle = /^<([^<>\n]+)>/.exec(text.slice(at));
    return angle ? { node: parseAngle(angle[1] ?? ''), end: at + angle[0].length } : undefined;
  }
  if (char === '`') {
    const code = /^`([^`\n]+)`/.exec(text.slice(at));
    return code ? { node: { type: 'code', text: unescapeText(code[1] ?? '') }, end: at + code[0].length } : undefined;
  }
  if (char === ':') {
    const name = /^:([a-z0-9_+-]+):/.exec(text.slice(at))?.[1];
    const character = name === undefined ? undefined : emojiFor(name);
    return name !== undefined && character !== undefined
      ? { node: { type: 'emoji', name, character }, end: at + name.length + 2 }
      : undefined;
  }
  const type = Object.hasOwn(marks, char) ? marks[char] : undefined;
  const end = type ? closing(text, at, char) : -1;
  return type && end > 0 ? { node: { type, children: parseInline(text.slice(at + 1, end)) }, end: end + 1 } : undefined;
};

export const parseInline = (text: string): readonly Inline[] => {
  const nodes: Inline[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') nodes.push({ type: 'text', text: unescapeText(plain) });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const read = readAt(text, at);
    if (read) {
      flush();
      nodes.push(read.node);
      at = read.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
};

const quoteMark = /^(&gt;|>) ?/;

/** Lines that are quoted, or not, taken together. */
const parseLines = (text: string): readonly Block[] => {
  const runs: { quote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quote = quoteMark.test(line);
    const last = runs.at(-1);
    const own = quote ? line.replace(quoteMark, '') : line;
    if (last && last.quote === quote) last.lines.push(own);
    else runs.push({ quote, lines: [own] });
  }
  return runs.map(({ quote, lines }) => ({
    type: quote ? 'quote' : 'paragraph',
    children: parseInline(lines.join('\n')),
  }));
};

export const parseMrkdwn = (text: string): readonly Block[] =>
  text.split(/```([\s\S]+?)```/).flatMap((part, index): readonly Block[] => {
    if (index % 2 === 1) return [{ type: 'pre', text: unescapeText(part.replace(/^\n|\n$/g, '')) }];
    const trimmed = part.replace(/^\n|\n$/g, '');
    return trimmed === '' ? [] : parseLines(trimmed);
  });

/** The message as a screen reader says it, without markup. */
export const plainMrkdwn = (text: string, nameOf: (id: string) => string): string => {
  const say = (node: Inline): string => {
    switch (node.type) {
      case 'text':
      case 'code':
      case 'link':
        return node.text;
      case 'bold':
      case 'italic':
      case 'strike':
        return node.children.map(say).join('');
      case 'emoji':
        return node.character;
      case 'user':
      case 'channel':
        return nameOf(node.id);
      case 'broadcast':
        return `@${node.range}`;
      case 'date':
        return node.fallback;
      case 'break':
        return ' ';
    }
  };
  return parseMrkdwn(text)
    .map((block) => (block.type === 'pre' ? block.text : block.children.map(say).join('')))
    .join(' ');
};
