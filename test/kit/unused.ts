/** A port that a test does not expect to be called: whatever is asked of it fails the test. */
export const unused = <T extends object>(name: string): T =>
  new Proxy({} as T, {
    get: () => {
      throw new TypeError(`This test does not expect a call of ${name}.`);
    },
  });
