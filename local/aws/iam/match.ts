import { remembered } from '../remembered.ts';

/**
 * Patterns of IAM policies: `*`, `?` and policy variables. A variable's value is always taken literally, so that a
 * tag value holding `*` never becomes a wildcard.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */

/** Request context by lower-cased key: condition keys, and the tag keys inside them, ignore case. */
export type Context = ReadonlyMap<string, readonly string[]>;

type Piece = { text: string } | { literal: string } | { variable: string; otherwise?: string };
export type Template = readonly Piece[];

/** Code units, with these two standing for `*` and `?`. */
type Glob = readonly number[];
const many = -1;
const one = -2;

const variablePattern = /\$\{(?:([*?$])|([^${}',\s]+)(?:\s*,\s*'([^']*)')?)\}/g;

/** Version 2008-10-17 knows no variables: there `${…}` is ordinary text. */
export const parseTemplate = (text: string, withVariables: boolean): Template => {
  if (!withVariables) return [{ text }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(variablePattern)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    const [whole, literal, variable, otherwise] = found;
    if (literal !== undefined) pieces.push({ literal });
    else if (variable !== undefined) {
      pieces.push({ variable: variable.toLowerCase(), ...(otherwise === undefined ? {} : { otherwise }) });
    }
    from = found.index + whole.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from) });
  return pieces;
};

/** The text that a template was read from, but for the spaces inside a variable. */
export const textOf = (template: Template): string =>
  template
    .map((piece) => {
      if ('text' in piece) return piece.text;
      if ('literal' in piece) return `\${${piece.literal}}`;
      return piece.otherwise === undefined ? `\${${piece.variable}}` : `\${${piece.variable}, '${piece.otherwise}'}`;
    })
    .join('');

/**
 * A variable stands for a key with exactly one value. `undefined` where it has none: such a pattern matches nothing.
 */
const valueFor = (piece: { variable: string; otherwise?: string }, context: Context): string | undefined => {
  const values = context.get(piece.variable);
  return values?.length === 1 ? values[0] : piece.otherwise;
};

/** The text with variables filled in and wildcards left as ordinary characters. */
export const renderText = (template: Template, context: Context): string | undefined => {
  let text = '';
  for (const piece of template) {
    const part = 'text' in piece ? piece.text : 'literal' in piece ? piece.literal : valueFor(piece, context);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
};

const codes = (text: string, wild: boolean): number[] =>
  Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at);
    return wild && unit === 0x2a ? many : wild && unit === 0x3f ? one : unit;
  });

/** Of templates without a variable, which are the same in every context. */
const constant = new WeakMap<Template, Glob>();

const renderGlob = (template: Template, context: Context): Glob | undefined => {
  const known = constant.get(template);
  if (known) return known;
  const glob: number[] = [];
  for (const piece of template) {
    const part = 'text' in piece ? piece.text : 'literal' in piece ? piece.literal : valueFor(piece, context);
    if (part === undefined) return undefined;
    glob.push(...codes(part, 'text' in piece));
  }
  if (!template.some((piece) => 'variable' in piece)) constant.set(template, glob);
  return glob;
};

/** Goes back to the last `*` only, so the time is bounded by the product of the lengths whatever the pattern. */
const globMatches = (glob: Glob, text: string): boolean => {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  let g = 0;
  while (at < text.length) {
    const want = glob[g];
    if (want === many) {
      star = g++;
      resumeAt = at;
    } else if (want !== undefined && (want === one || want === text.charCodeAt(at))) {
      g++;
      at++;
    } else if (star >= 0) {
      g = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (glob[g] === many) g++;
  return g === glob.length;
};

/** `StringLike`: `*` and `?` anywhere, case matters. */
export const matchesLike = (template: Template, text: string, context: Context): boolean => {
  const glob = renderGlob(template, context);
  return glob !== undefined && globMatches(glob, text);
};

const actionGlob = remembered(
  (pattern: string): Glob => codes(pattern.toLowerCase(), true),
  (pattern) => pattern,
);

/** Action patterns: case does not matter and there are no variables. */
export const matchesAction = (pattern: string, action: string): boolean =>
  globMatches(actionGlob(pattern), action.toLowerCase());

const colon = 0x3a;

const globSegments = (glob: Glob): Glob[] => {
  const segments: number[][] = [[]];
  for (const unit of glob) {
    if (unit === colon && segments.length < 6) segments.push([]);
    else segments.at(-1)?.push(unit);
  }
  return segments;
};

const arnSegments = (arn: string): string[] => {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** ARN patterns: each of the six components is matched on its own, so a `*` never crosses into the next one. */
export const matchesArn = (template: Template, arn: string, context: Context): boolean => {
  const glob = renderGlob(template, context);
  if (glob === undefined) return false;
  if (glob.length === 1 && glob[0] === many) return true;
  const want = globSegments(glob);
  const have = arnSegments(arn);
  return (
    want.length === 6 && have.length === 6 && want.every((segment, index) => globMatches(segment, have[index] ?? ''))
  );
};
