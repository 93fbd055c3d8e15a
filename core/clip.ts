/**
 * Cutting texts that somebody else wrote. Half a character (a lone surrogate) is no text: databases and JSON parsers
 * refuse it, so none is made and one that arrives becomes U+FFFD.
 */

/** At most the first `most` code points. */
export const cut = (text: string, most: number): string => {
  if (text.length <= most) return text.toWellFormed();
  // No code point takes more than two units, so the rest of a long text is not looked at.
  const points = [...text.slice(0, most * 2)];
  return points.slice(0, most).join('').toWellFormed();
};

/** The same, and where something was cut the last of them is an ellipsis. */
export const clip = (text: string, most: number): string => {
  const whole = cut(text, most);
  return whole.length === text.length ? whole : `${cut(whole, most - 1)}…`;
};

/** Every text inside `value` made well-formed, in place; to any depth. */
export const mendTexts = <T>(value: T): T => {
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const members = next as Record<string, unknown>;
    for (const [key, member] of Object.entries(members)) {
      if (typeof member === 'string' && !member.isWellFormed()) members[key] = member.toWellFormed();
      else if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return value;
};
