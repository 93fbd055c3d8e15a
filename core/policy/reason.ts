/** In characters as people count them (code points). */
export const longestReason = 500;

/** White space, control and invisible characters, and the blank Braille cell, in any number, say nothing. */
const visible = /[^\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** What is wrong with a reason, as a sentence; undefined if it will do. */
export const reasonProblem = (reason: string): string | undefined => {
  if (!visible.test(reason)) return 'Say why you need it: the reason is empty.';
  const length = [...reason].length;
  if (length > longestReason) {
    return `The reason may have at most ${longestReason} characters; yours has ${length}. Shorten it, or link to the details.`;
  }
  return undefined;
};
