import { isAlias, isCollection, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { clip } from '#core/clip.ts';
import { hiddenIn } from './hidden-text.ts';
import type { PolicyProblem } from './problem.ts';

/** Where something stands: keys and list positions from the top of the document. */
export type Path = readonly (string | number)[];

/** YAML that was read, with the way back from a value to its line. */
export type SourceText =
  | { ok: false; problems: readonly PolicyProblem[] }
  | {
      ok: true;
      value: unknown;
      /** The line, from 1, of what is at the path, or of the nearest thing around it that is there. */
      lineOf(path: Path): number;
      problems: readonly PolicyProblem[];
    };

/** Some two thousand people. */
const longestText = 300_000;
/** How many values aliases may stand for in all; a document of nested anchors grows without bound. */
const mostAliased = 100;
/** One slip makes the parser trip again and again; the first ones tell. */
const mostSyntaxProblems = 10;
const mostKeyProblems = 100;
/** Names that mean something to every JavaScript object. */
const forbiddenKeys: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * Reads text of any origin. Does not throw: the parser refuses deep nesting, and `toJS` throws at aliases that grow.
 */
export const readSource = (text: string): SourceText => {
  if (text.length > longestText) {
    return failed([
      {
        path: '',
        line: 1,
        message: `The file has more than ${longestText} characters.`,
        hint: 'A policy is small. Is this the right file?',
      },
    ]);
  }
  const hidden = hiddenIn(text);
  if (hidden.length > 0) return failed(hidden);
  try {
    return parse(text);
  } catch {
    return failed([tooMuch]);
  }
};

const tooMuch: PolicyProblem = {
  path: '',
  line: 1,
  message: 'The file is nested too deeply, or its aliases stand for too much.',
  hint: 'Write the values out instead of using & and *.',
};

const secondDocument = {
  message: 'A second document begins here, or text follows the end of the first one; nobody would read it.',
  hint: 'Join the two into one document, or remove the --- or the ... before this.',
};

/** Under version 1.1 a file means something else: `<<` brings keys in that stand nowhere, `off` is no text. */
const directive: PolicyProblem = {
  path: '',
  line: 1,
  message: 'The file says by %YAML how it is to be read.',
  hint: 'Remove that line and the --- after it.',
};

const failed = (problems: readonly PolicyProblem[]): SourceText => ({ ok: false, problems });

const parse = (text: string): SourceText => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    // Ours below: the parser compares each key with each, which takes it minutes on a hostile file.
    uniqueKeys: false,
    resolveKnownTags: false,
    // Not 'silent': with that the parser says nothing of what follows the first document.
    logLevel: 'error',
  });
  if (document.errors.some((error) => error.code === 'RESOURCE_EXHAUSTION')) return failed([tooMuch]);
  const slips = [...document.errors, ...document.warnings].slice(0, mostSyntaxProblems);
  if (slips.length > 0) {
    return failed(
      slips.map(({ pos, code, message }) => ({
        path: '',
        line: lines.linePos(pos[0]).line,
        ...(code === 'MULTIPLE_DOCS' ? secondDocument : notYaml(message)),
      })),
    );
  }
  if (document.directives?.yaml.explicit) return failed([directive]);
  const value: unknown = document.toJS({ maxAliasCount: mostAliased });
  const lineOf = (path: Path) =>
    lines.linePos(offsetOf(document.contents, path, (alias) => (isAlias(alias) ? alias.resolve(document) : undefined)))
      .line;
  return { ok: true, value, lineOf, problems: keyProblems(document.contents, lines) };
};

const notYaml = (parserMessage: string) => ({
  message: `This is not valid YAML: ${clip(parserMessage.split('\n')[0] ?? '', 200)}.`,
  hint: 'Check the indentation, the quotes and the brackets on this line and the one before.',
});

/** Keys that are there twice, of which only one would count, and keys that are no names. */
const keyProblems = (contents: Node | null, lines: LineCounter): PolicyProblem[] => {
  const problems: PolicyProblem[] = [];
  visit(contents, {
    Map(_, map) {
      const before = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const path = String(key.value);
        const at = { path, line: lines.linePos(key.range?.[0] ?? 0).line };
        if (forbiddenKeys.includes(path)) {
          problems.push({ ...at, message: `${path} cannot be a key.`, hint: 'Choose another name.' });
        }
        if (before.has(path)) {
          problems.push({ ...at, message: `${path} is there twice.`, hint: 'Remove one of them, or join the two.' });
        }
        before.add(path);
      }
    },
  });
  return problems.slice(0, mostKeyProblems);
};

/** The key's own place where there is a key: that is the line people look for. */
const offsetOf = (contents: Node | null, path: Path, resolve: (alias: Node) => Node | undefined): number => {
  let at: unknown = contents;
  let offset = 0;
  for (const step of path) {
    if (isNode(at) && isAlias(at)) at = resolve(at);
    if (isMap(at)) {
      const pair = at.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      at = pair.value;
    } else if (isCollection(at)) {
      const item: unknown = at.items[Number(step)];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      at = item;
    } else break;
  }
  return offset;
};
