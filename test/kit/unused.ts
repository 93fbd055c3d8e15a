/** A port that a test does not expect to be called: whatever is asked of it fails the test, but what is `known`. */
export const unused = <T extends object>(name: string, known: Partial<T> = {}): T =>
  new Proxy(known as T, {
    get: (members, key) => {
      if (key in members) return Reflect.get(members, key);
      throw new TypeError(`This test does not expect a call of ${name}.`);
    },
  });
