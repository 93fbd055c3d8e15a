/**
 * A payload as it can be sent, which is more than a value can hold: a member twice, `__proto__` as a member, a number
 * that no program can.
 */
export type Tree =
  | null
  | boolean
  | number
  | string
  /** JSON that stands as it is. */
  | { raw: string }
  | { items: readonly Tree[] }
  | { members: readonly Member[] };
export type Member = readonly [name: string, value: Tree];

export const treeOf = (value: unknown): Tree => {
  if (value === null || typeof value !== 'object') return value as Tree;
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  return {
    members: Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [[name, treeOf(each)]])),
  };
};

const isObject = (tree: Tree): tree is Exclude<Tree, null | boolean | number | string> =>
  typeof tree === 'object' && tree !== null;

export const jsonOf = (tree: Tree): string => {
  if (!isObject(tree)) return JSON.stringify(tree);
  if ('raw' in tree) return tree.raw;
  if ('items' in tree) return `[${tree.items.map(jsonOf).join(',')}]`;
  return `{${tree.members.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`).join(',')}}`;
};

/** A form: what is no text becomes JSON, a list its name several times. */
export const formOf = (tree: Tree): string => {
  const members = isObject(tree) && 'members' in tree ? tree.members : [['', tree] as const];
  const fields = members.flatMap(([name, value]) => {
    const values = isObject(value) && 'items' in value ? value.items : [value];
    return values.map((each): [string, string] => [name, typeof each === 'string' ? each : jsonOf(each)]);
  });
  return new URLSearchParams(fields).toString();
};

/** How many places a tree has: itself, and each place of what it holds. */
export const placesIn = (tree: Tree): number => {
  if (!isObject(tree) || 'raw' in tree) return 1;
  const inside = 'items' in tree ? tree.items : tree.members.map(([, value]) => value);
  return inside.reduce<number>((sum, each) => sum + placesIn(each), 1);
};

/** What a place is replaced by: nothing, or members, of which one that stands in a list keeps the value alone. */
export type Change = (place: { name: string; value: Tree }) => readonly Member[];

/** The tree with the place of that number changed; 0 is the whole, which becomes the first that `change` gives. */
export const changedAt = (tree: Tree, place: number, change: Change, name = ''): readonly Member[] => {
  if (place === 0) return change({ name, value: tree });
  if (!isObject(tree) || 'raw' in tree) return [[name, tree]];
  let left = place - 1;
  const within = ([key, value]: Member): readonly Member[] => {
    const size = placesIn(value);
    const at = left;
    left -= size;
    return at >= 0 && at < size ? changedAt(value, at, change, key) : [[key, value]];
  };
  if ('items' in tree)
    return [[name, { items: tree.items.flatMap((value) => within(['', value]).map(([, each]) => each)) }]];
  return [[name, { members: tree.members.flatMap(within) }]];
};

/** Every text in a payload, names of members included. */
export const textsIn = (value: unknown): string[] => {
  const texts: string[] = [];
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'object' && next !== null) {
      texts.push(...Object.keys(next));
      open.push(...Object.values(next).map((each: unknown) => each ?? ''));
    }
  }
  return texts;
};
