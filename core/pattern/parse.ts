/**
 * Regular expressions of JavaScript (with the flag `u`) as a tree. What matches one character, JavaScript itself is
 * asked about, so that classes, escapes and properties mean exactly what they mean there.
 */
export type Node =
  | { kind: 'one'; test: (char: string) => boolean }
  | { kind: 'at'; test: (chars: readonly string[], at: number) => boolean }
  | { kind: 'look'; node: Node; behind: boolean; negated: boolean }
  | { kind: 'seq'; nodes: readonly Node[] }
  | { kind: 'any'; nodes: readonly Node[] }
  | { kind: 'repeat'; node: Node; min: number; max: number; lazy: boolean }
  | { kind: 'mark'; node: Node };

/** `i`, `s` and `m`, which `(?i:…)` and its like turn on and off. */
type Flags = Readonly<Record<'i' | 's' | 'm', boolean>>;

/** The group whose text is what was looked for, where a pattern has one. */
const markedGroup = 'ticket';

/** A back-reference: the time that takes has no bound that anybody knows. */
export class RefersBack extends Error {}

const isLineBreak = (char: string | undefined): boolean => char !== undefined && /[\n\r\u2028\u2029]/.test(char);

const one = (atom: string, { i, s }: Flags): Node => {
  const pattern = new RegExp(`^(?:${atom})$`, `u${i ? 'i' : ''}${s ? 's' : ''}`);
  return { kind: 'one', test: (char) => pattern.test(char) };
};

const boundary = (wanted: boolean, { i }: Flags): Node => {
  const word = new RegExp('^\\w$', i ? 'ui' : 'u');
  const isWord = (char: string | undefined): boolean => char !== undefined && word.test(char);
  return { kind: 'at', test: (chars, at) => (isWord(chars[at - 1]) !== isWord(chars[at])) === wanted };
};

const flagsAfter = (flags: Flags, written: string): Flags => {
  const [on = '', off = ''] = written.split('-');
  const is = (flag: keyof Flags): boolean => (flags[flag] || on.includes(flag)) && !off.includes(flag);
  return { i: is('i'), s: is('s'), m: is('m') };
};

/**
 * Of a source that JavaScript has compiled with `u`: what it would refuse is not looked for again. Throws `RefersBack`.
 */
export const parse = (source: string): Node => {
  let at = 0;

  /** Takes what comes next, if it looks like this. */
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const sticky = new RegExp(pattern.source, 'suy');
    sticky.lastIndex = at;
    const found = sticky.exec(source) ?? undefined;
    if (found) at = sticky.lastIndex;
    return found;
  };

  const alternatives = (flags: Flags): Node => {
    const nodes = [sequence(flags)];
    while (take(/\|/)) nodes.push(sequence(flags));
    const [only] = nodes;
    return nodes.length === 1 && only ? only : { kind: 'any', nodes };
  };

  const sequence = (flags: Flags): Node => {
    const nodes: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') nodes.push(repeated(term(flags)));
    return { kind: 'seq', nodes };
  };

  const repeated = (node: Node): Node => {
    const [, symbol, from, comma, to, lazy] = take(/(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/) ?? [];
    if (symbol === undefined && from === undefined) return node;
    const min = symbol === undefined ? Number(from) : symbol === '+' ? 1 : 0;
    const bound = to === '' || to === undefined ? Number.POSITIVE_INFINITY : Number(to);
    const max = symbol === undefined ? (comma === '' ? min : bound) : symbol === '?' ? 1 : Number.POSITIVE_INFINITY;
    return { kind: 'repeat', node, min, max, lazy: lazy === '?' };
  };

  const closed = (node: Node): Node => {
    take(/\)/);
    return node;
  };

  const term = (flags: Flags): Node => {
    const look = take(/\(\?(<?)([=!])/);
    if (look) {
      const node = closed(alternatives(flags));
      return { kind: 'look', node, behind: look[1] === '<', negated: look[2] === '!' };
    }
    const named = take(/\(\?<([^>]+)>/);
    if (named) {
      const node = closed(alternatives(flags));
      return named[1] === markedGroup ? { kind: 'mark', node } : node;
    }
    const modified = take(/\(\?([ims-]*):/);
    if (modified) return closed(alternatives(flagsAfter(flags, modified[1] ?? '')));
    if (take(/\(/)) return closed(alternatives(flags));
    if (take(/\^/)) return { kind: 'at', test: (chars, i) => i === 0 || (flags.m && isLineBreak(chars[i - 1])) };
    if (take(/\$/)) {
      return { kind: 'at', test: (chars, i) => i === chars.length || (flags.m && isLineBreak(chars[i])) };
    }
    const bound = take(/\\([bB])/);
    if (bound) return boundary(bound[1] === 'b', flags);
    if (take(/\\(?:[1-9]|k<)/)) throw new RefersBack();
    const atom = take(
      /\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[a-zA-Z]|\\.|./s,
    );
    return one(atom?.[0] ?? '', flags);
  };

  return alternatives({ i: false, s: false, m: false });
};
