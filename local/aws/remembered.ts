/** So few take no room, and are more than are in use at the same time. */
const most = 1_000;

/** The same function, which works the same thing out once. `keyOf` must tell apart whatever has another answer. */
export const remembered = <A extends readonly unknown[], T>(
  workOut: (...args: A) => T,
  keyOf: (...args: A) => string,
): ((...args: A) => T) => {
  const known = new Map<string, T>();
  return (...args) => {
    const key = keyOf(...args);
    const found = known.get(key);
    if (found !== undefined) return found;
    const answer = workOut(...args);
    if (known.size >= most) known.clear();
    known.set(key, answer);
    return answer;
  };
};
