/** How many letters must be added, dropped, changed or swapped with their neighbour to turn `a` into `b`. */
const distance = (a: string, b: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const ways = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        ...(swapped ? [(beforeLast[column - 2] ?? 0) + 1] : []),
      ];
      current.push(Math.min(...ways));
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
};

const longestWorthComparing = 64;

/** The known name that was probably meant, or undefined if none is near. Capitals do not count. */
export const closestTo = (typed: string, known: readonly string[]): string | undefined => {
  if (typed.length > longestWorthComparing) return undefined;
  const ranked = known
    .map((name) => ({ name, far: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.ceil(Math.min(name.length, typed.length) / 3))
    .sort((one, other) => one.far - other.far);
  return ranked[0]?.name;
};
