import type { Context } from 'aws-lambda';

type Handler<E, R> = (event: E, context: Context) => Promise<R>;

/**
 * A Lambda handler that is built at its first call, so that importing the module needs no environment. A failure is not
 * kept.
 */
export const lazily = <E, R>(build: () => Handler<E, R> | Promise<Handler<E, R>>): Handler<E, R> => {
  let building: Promise<Handler<E, R>> | undefined;
  const built = (): Promise<Handler<E, R>> => {
    building ??= (async () => build())().catch((error: unknown) => {
      building = undefined;
      throw error;
    });
    return building;
  };
  return async (event, context) => (await built())(event, context);
};
