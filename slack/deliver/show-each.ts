/**
 * Shows what is to be shown, one after the other, each as `show` says. One that fails keeps no other back; what it
 * throws is thrown after the last.
 */
export const showEach = async <N extends string>(
  notices: readonly N[],
  show: Readonly<Record<N, () => Promise<unknown>>>,
): Promise<void> => {
  const errors: unknown[] = [];
  for (const notice of notices) {
    await show[notice]().catch((error: unknown) => {
      errors.push(error);
    });
  }
  if (errors.length > 0) throw errors[0];
};

/** Runs when it is first asked for, and answers the same whenever it is asked again. */
export const once = <T>(run: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= run();
    return answer;
  };
};
