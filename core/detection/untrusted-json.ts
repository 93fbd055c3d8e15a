import { cut } from '#core/clip.ts';

/** Reading from JSON that anybody may have written: what is not there, or of another type, is undefined. */

/** The member at the end of the path. Only own members: `__proto__` and `constructor` are names like any other. */
export const member = (value: unknown, ...path: readonly string[]): unknown => {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
};

/** Longer texts are cut: they are shown and compared, never executed. */
const longestText = 2048;

/** A text that is not empty. */
export const text = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = member(value, ...path);
  return typeof found === 'string' && found !== '' ? cut(found, longestText) : undefined;
};

/** The longest id of AWS that is read here, an `aws:userid`, has 193 characters. */
const longestId = 256;

/** An id, which is looked up by, or kept in lists: a text that is not empty, and short. */
export const idText = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = text(value, ...path);
  return found === undefined ? undefined : cut(found, longestId);
};

export const list = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = member(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** The object without the members that are undefined. */
export const present = <T extends Record<string, unknown>>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, found]) => found !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
