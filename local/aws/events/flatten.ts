/** An event or a pattern as the list of its leaves, the way Event Ruler reads JSON. */

export type Scalar = string | number | boolean | null;

/** In which element of which array a leaf lies: array number → index. Arrays are numbered as they are met. */
export type Membership = ReadonlyMap<number, number>;

type Leaf = { value: Scalar; membership: Membership };

/** Leaves by dotted path. Arrays add nothing to a path; an empty array or object has no leaf. */
export type Leaves = ReadonlyMap<string, readonly Leaf[]>;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const nowhere: Membership = new Map();

export const leavesOf = (event: Readonly<Record<string, unknown>>): Leaves => {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;
  const walk = (value: unknown, path: string, membership: Membership): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      value.forEach((element, index) => {
        walk(element, path, new Map(membership).set(array, index));
      });
    } else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) walk(member, path ? `${path}.${key}` : key, membership);
    } else if (isScalar(value)) {
      const here = leaves.get(path);
      if (here) here.push({ value, membership });
      else leaves.set(path, [{ value, membership }]);
    }
  };
  walk(event, '', nowhere);
  return leaves;
};

/** Both memberships in one, or undefined where they lie in different elements of one array. */
export const joined = (one: Membership, other: Membership): Membership | undefined => {
  if (one.size === 0) return other;
  const both = new Map(one);
  for (const [array, index] of other) {
    const known = both.get(array);
    if (known !== undefined && known !== index) return undefined;
    both.set(array, index);
  }
  return both;
};
