import type { PolicyProblem } from './problem.ts';

type Hidden = { pattern: RegExp; what: string; hint: string };

/** Each by what an editor shows there and the parser does not read, or the other way round. */
const kinds: readonly Hidden[] = [
  {
    pattern: /\uFFFD|\p{Surrogate}/u,
    what: 'is not UTF-8 text',
    hint: 'Save the file as UTF-8.',
  },
  {
    pattern: /\r(?!\n)|[\u0085\u2028\u2029]/u,
    what: 'holds a line break that YAML does not take for one, so that a comment may go on where the eye sees a rule',
    hint: 'End lines with a line feed, as editors do.',
  },
  {
    pattern: /[\u202A-\u202E\u2066-\u2069]/u,
    what: 'holds a sign that turns the direction of writing, so that it reads in another order than it stands there',
    hint: 'Remove it.',
  },
  {
    pattern: /(?!^)\uFEFF/u,
    what: 'holds a byte order mark that is not at the beginning of the file',
    hint: 'Remove it. Two files that were joined have one in the middle.',
  },
  {
    pattern: /(?![\t\n\r\u0085])\p{Cc}/u,
    what: 'holds a control character',
    hint: 'Remove it.',
  },
];

/** Characters by which a file is read otherwise than people see it: one problem for each kind, at its first place. */
export const hiddenIn = (text: string): readonly PolicyProblem[] =>
  kinds.flatMap(({ pattern, what, hint }) => {
    const at = text.search(pattern);
    if (at < 0) return [];
    const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const line = text.slice(0, at).split(/\r\n|[\n\r]/).length;
    return [{ path: '', line, message: `This line ${what} (U+${code}).`, hint }];
  });
