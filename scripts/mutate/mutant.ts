/** One mistake that somebody could make, and where. */
export type Mutant = {
  /** The path from the root. */
  file: string;
  line: number;
  /** The mistake in a few words: `'request.refused' → 'request.refusd'`. */
  what: string;
  /** The whole file with the mistake in it. */
  text: string;
};

/** Who noticed: `tsc`, or the name of the test. */
export type Verdict = { mutant: Mutant; noticedBy: string | undefined };

/** What can be got wrong, and which unit tests are to notice what the compiler lets pass. */
export type Subject = {
  about: string;
  /** `read`: a file's text, by its path from the root. */
  mutants: (files: readonly string[], read: (file: string) => string) => Mutant[];
  tests: readonly string[];
};

/** The text with one piece replaced, as a mutant. */
export const replaced = (file: string, text: string, at: { from: number; to: number }, by: string): Mutant => ({
  file,
  line: text.slice(0, at.from).split('\n').length,
  what: `${text.slice(at.from, at.to).trim()} → ${by.trim() || 'nothing'}`,
  text: text.slice(0, at.from) + by + text.slice(at.to),
});
